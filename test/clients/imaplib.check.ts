/** Python's imaplib and poplib work against the server without a complaint. */
import { must } from '../support/command.js'
import { message, variety } from '../support/messages.js'
import { password } from '../support/server-under-test.js'
import { sharedServer } from './shared.js'

const user = 'ines'

describe("Python's imaplib", () => {
  it('lists, appends, searches, fetches, stores, copies, expunges, subscribes, limits and shares', async () => {
    const server = await sharedServer()
    await server.deliver(user, variety('imaplib'))
    await must('python3', ['-', String(server.imapPort), user, password], { input: imapScript })
  })

  it('reads and deletes by poplib', async () => {
    const server = await sharedServer()
    await server.deliver(user, [message({ id: 'poplib-1' })])
    await must('python3', ['-', String(server.pop3Port), user, password], { input: popScript })
  })
})

const imapScript = `
import imaplib, sys, time
port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
m = imaplib.IMAP4('127.0.0.1', port)
assert 'IMAP4REV1' in m.capabilities, m.capabilities
def ok(answer):
    assert answer[0] == 'OK', answer
    return answer[1]
ok(m.login(user, password))
assert b'INBOX' in ok(m.list())[0]
ok(m.namespace())
assert ok(m.select('INBOX')) == [b'5']
ok(m.create('INBOX.work'))
ok(m.subscribe('INBOX.work'))
assert any(b'INBOX.work' in line for line in ok(m.lsub()))
body = b'From: a@example.test\\r\\nSubject: from Python\\r\\n\\r\\nhello\\r\\n'
ok(m.append('INBOX.work', '(\\\\Seen \\\\Flagged)', imaplib.Time2Internaldate(1700000000), body))
assert b'MESSAGES 5' in ok(m.status('INBOX', '(MESSAGES UNSEEN UIDNEXT UIDVALIDITY RECENT)'))[0]
assert ok(m.search(None, 'ALL')) == [b'1 2 3 4 5']
assert ok(m.search(None, 'SUBJECT', '"A check"')) == [b'1 3 4 5']
assert ok(m.search(None, 'TEXT', 'attachment.filename')) == [b'']
assert ok(m.uid('SEARCH', None, 'LARGER', '20000')) == [b'2']
assert ok(m.uid('SEARCH', None, 'NOT', 'LARGER', '20000', 'UNSEEN')) == [b'1 3 4 5']
data = ok(m.fetch('1:*', '(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)'))
assert len([d for d in data if d]) >= 5, data
whole = ok(m.fetch('2', '(BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[1] BODY.PEEK[2.MIME] BODY.PEEK[TEXT]<0.20>)'))
parts = [d for d in whole if isinstance(d, tuple)]
assert len(parts) == 5, parts
assert parts[2][1].rstrip() == b'first part', parts[2]
assert parts[4][1] == b'before\\r\\n--edge\\r\\nCont', parts[4]
ok(m.fetch('1', '(RFC822)'))
assert b'\\\\Seen' in ok(m.fetch('1', '(FLAGS)'))[0]
ok(m.store('2:3', '+FLAGS', '(\\\\Flagged keyword)'))
assert ok(m.search(None, 'KEYWORD', 'keyword')) == [b'2 3']
ok(m.copy('2:3', 'INBOX.work'))
ok(m.store('4', '+FLAGS.SILENT', '(\\\\Deleted)'))
assert ok(m.expunge()) == [b'4']
ok(m.noop()); ok(m.check())
acl = ok(m.getacl('INBOX'))
assert user.encode() in acl[0], acl
ok(m.setacl('INBOX.work', 'mary', 'lrs'))
assert b'lrs' in ok(m.myrights('INBOX.work'))[0]
ok(m.getquotaroot('INBOX'))
ok(m.rename('INBOX.work', 'INBOX.work2'))
assert ok(m.select('INBOX.work2', readonly=True)) == [b'3']
assert ok(m.fetch('1', '(INTERNALDATE)'))
ok(m.close())
ok(m.delete('INBOX.work2'))
typ, answer = m.select('INBOX.none')
assert typ == 'NO', (typ, answer)
ok(m.unsubscribe('INBOX.work'))
m.logout()
`

const popScript = `
import poplib, sys
port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
p = poplib.POP3('127.0.0.1', port)
p.capa(); p.user(user); p.pass_(password)
count, size = p.stat()
assert count == len(p.list()[1]) == len(p.uidl()[1]) and count > 0
lines, octets = p.retr(count)[1:]
assert octets == int(p.list(count).split()[2]), (octets, p.list(count))
assert any(b'poplib-1' in line for line in lines)
top = p.top(count, 1)[1]
assert len(top) < len(lines)
p.dele(count); p.rset(); p.dele(count); p.quit()
p = poplib.POP3('127.0.0.1', port); p.user(user); p.pass_(password)
assert p.stat()[0] == count - 1
p.quit()
`
