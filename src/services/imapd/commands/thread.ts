/** THREAD and UID THREAD. RFC 5256 §3 */
import { baseSubject } from '../../../mime/base-subject.js'
import { fold } from '../../../mime/casemap.js'
import { readMessageIds } from '../../../mime/message-id.js'
import type { MessageRecord } from '../../../store/message-record.js'
import { Bad } from '../../../syntax/imap/bad.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import { readThreadProgram, type ThreadProgram } from '../../../syntax/imap/search-program.js'
import type { Answers } from '../answers.js'
import { type Command, command } from '../command.js'
import type { MessageText } from '../message-text.js'
import { readMessages } from '../search/read-messages.js'
import { runSearch } from '../search/run.js'
import type { SessionIn } from '../session-context.js'
import { sentTime } from '../sort/sort-key.js'
import { threadBySubject } from '../thread/ordered-subject.js'
import { threadByReferences } from '../thread/references.js'
import { type Thread, type ThreadedMessage, writeThreads } from '../thread/thread.js'

export const thread = define('THREAD', 'number')
export const uidThread = define('UID THREAD', 'uid')

const algorithms = new Map<string, (messages: readonly ThreadedMessage[]) => Thread[]>([
  ['ORDEREDSUBJECT', threadBySubject],
  ['REFERENCES', threadByReferences],
])

function define(name: string, by: 'number' | 'uid'): Command {
  return command({
    name,
    state: 'selected',
    news: by === 'uid' ? 'all' : 'noExpunge',
    args: (input: Reader) => readThreadProgram(input),
    run: (session, program) => run(session, program, by),
  })
}

async function* run(session: SessionIn<'selected'>, program: ThreadProgram, by: 'number' | 'uid'): Answers {
  const { mailbox } = session
  const algorithm = algorithms.get(program.algorithm)
  if (algorithm === undefined) throw new Bad('Unrecognized THREAD algorithm')
  const { uids } = await runSearch(session, { ...program, returns: undefined })
  const messages = await readMessages(session, uids, threadedMessage)
  const text = writeThreads(algorithm(messages), (uid) => (by === 'uid' ? uid : mailbox.numberOf(uid)))
  yield text === '' ? '* THREAD' : `* THREAD ${text}`
}

function threadedMessage(record: MessageRecord, text: MessageText): ThreadedMessage {
  const subject = baseSubject(text.fields('subject', 1)[0] ?? '')
  const references = readMessageIds(text.fields('references', 1)[0] ?? '')
  return {
    uid: record.uid,
    time: sentTime(record, text),
    subject: fold(subject.text),
    isReply: subject.isReply,
    messageId: readMessageIds(text.fields('message-id', 1)[0] ?? '', 1)[0],
    references: references.length > 0 ? references : readMessageIds(text.fields('in-reply-to', 1)[0] ?? '', 1),
  }
}
