/** cyrus.conf: sections, attributes, quotes, mistakes. */
import { expect } from 'chai'
import { commandWords } from '../../src/config/command.js'
import { parseCyrusConf } from '../../src/config/cyrus-conf.js'

const wrong = (text: string) => parseCyrusConf(text, 'c').problems.map((problem) => `${problem.line} ${problem.text}`)

describe('config/cyrus-conf', () => {
  it('reads the four sections', () => {
    const conf = parseCyrusConf(
      `# comment
START {
  # comment
  recover cmd="ctl_cyrusdb -r"
}
SERVICES
{
  imap   cmd='imapd -U 30' listen="imap" prefork=1 maxchild=100 workers=2
  imaps  listen=[::1]:993 proto=tcp6 \\
         cmd="imapd -s"
}
EVENTS { }
EVENTS {
  checkpoint cmd="ctl_cyrusdb -c" period=30
  prune cmd="cyr_expire -E 3" at=0401
  late cmd=tls_prune cron="*/5 2 * * mon-fri"
  first cmd=mkimap
}

`,
      'c',
    )
    expect(conf.problems).to.deep.equal([])
    expect(conf.start).to.deep.equal([{ name: 'recover', cmd: 'ctl_cyrusdb -r', line: 4 }])
    expect(conf.services[0]).to.deep.equal({
      name: 'imap',
      cmd: 'imapd -U 30',
      listen: 'imap',
      proto: 'tcp',
      prefork: 1,
      maxchild: 100,
      maxfds: 256,
      maxforkrate: 0,
      babysit: false,
      workers: 2,
      line: 8,
    })
    expect(conf.services[1]).to.include({ cmd: 'imapd -s', listen: '[::1]:993', proto: 'tcp6', maxchild: undefined })
    expect(conf.events.map(({ times }) => times)).to.deep.equal([
      { kind: 'period', minutes: 30 },
      { kind: 'at', hour: 4, minute: 1 },
      {
        kind: 'cron',
        times: {
          minutes: [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55],
          hours: [2],
          days: undefined,
          months: undefined,
          weekdays: [1, 2, 3, 4, 5],
        },
      },
      { kind: 'once' },
    ])
    expect(conf.daemons).to.deep.equal([])
  })

  it('reads a section of several lines after its brace', () => {
    const { daemons } = parseCyrusConf('DAEMON {\n idled cmd="idled" wait=1\n}\n', 'c')
    expect(daemons).to.deep.equal([{ name: 'idled', cmd: 'idled', wait: true, line: 2 }])
  })

  it('sees to one worker with babysit', () => {
    const conf = parseCyrusConf('SERVICES {\n imap cmd=imapd listen=imap babysit=1\n}\n', 'c')
    expect(conf.services[0]).to.include({ prefork: 1, maxforkrate: 10 })
  })

  const mistakes: [text: string, expected: string[]][] = [
    ['SERVICE {\n}', ['1 nobody knows the section SERVICE; did you mean SERVICES?']],
    ['START {\n a\n}', ['2 a: has no cmd=']],
    ['SERVICES {\n a cmd=imapd\n}', ['2 a: has no listen=']],
    ['SERVICES {\n a-b cmd=x listen=1\n}', ['2 a-b: a service is named with letters, digits and _ only']],
    ['SERVICES {\n a cmd=x listen=1 prefrok=1\n}', ['2 a: nobody knows the attribute prefrok; did you mean prefork?']],
    ['SERVICES {\n a cmd=x listen=1 provide_uuid=1\n}', ['2 a: provide_uuid means nothing here, ignored']],
    ['SERVICES {\n a cmd=x listen=1 proto=sctp\n}', ['2 a: proto=sctp: must be one of tcp tcp4 tcp6 udp udp4 udp6']],
    ['SERVICES {\n a cmd=x listen=1 maxchild=many\n}', ['2 a: maxchild=many: must be a whole number']],
    ['SERVICES {\n a cmd=x listen=1\n a cmd=x listen=2\n}', ['3 a: a service of this name stands already in line 2']],
    ['EVENTS {\n a cmd=x at=2561\n}', ['2 a: at=2561: must be a time of day such as 0430']],
    [
      'EVENTS {\n a cmd=x cron="1 2 3"\n}',
      ['2 a: cron=1 2 3: cron must be five fields: minute hour day month weekday'],
    ],
    ['EVENTS {\n a cmd=x cron="61 * * * *"\n}', ['2 a: cron=61 * * * *: minute must be between 0 and 59, not 61']],
    ['EVENTS {\n a cmd="x\n}', ['2 a: cannot read "cmd=\\"x"; write key="value"', '2 a: has no cmd=']],
    ['START {\n a cmd=x', ['1 START is never closed with }']],
    ['a cmd=x', ['1 outside a section; write `START {`, `SERVICES {`, `EVENTS {` or `DAEMON {` before it']],
    ['}', ['1 this } closes nothing']],
    ['START {\n a cmd=x cmd=y\n}', ['2 a: cmd is given 2 times']],
  ]
  for (const [text, expected] of mistakes)
    it(`complains about ${JSON.stringify(text)}`, () => expect(wrong(text)).to.deep.equal(expected))
})

describe('config/command', () => {
  it('splits a command into words', () => {
    expect(commandWords(`imapd -C "a b" -x'c d'e  ''`)).to.deep.equal(['imapd', '-C', 'a b', '-xc de', ''])
  })
})
