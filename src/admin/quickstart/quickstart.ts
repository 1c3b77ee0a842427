// angarium quickstart: a whole server in one directory, with a message shown on its way through it.
import { appendFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileOf, makeMailbox, readNewest, sendMail } from './journey.js'
import { type Account, accountsOf, type Layout, prepare } from './layout.js'
import { type Master, setPassword, startMaster } from './programs.js'

export type QuickstartOptions = {
  /** Absolute. */
  readonly directory: string
  /** Ends after the message was shown, instead of at Ctrl-C. */
  readonly once: boolean
  /** Of the package: the launchers and the sample files. */
  readonly bin: string
  readonly samples: string
  readonly version: string
  readonly say: (text: string) => void
  /** Resolves when the server is to stop. */
  readonly stopAsked: Promise<void>
}

/** The exit status. */
export async function quickstart(options: QuickstartOptions): Promise<number> {
  const { say, version, directory } = options
  const step = (title: string, lines: readonly string[]) =>
    say([`\n${title}`, ...lines.map((line) => `    ${line}`)].join('\n'))
  say(`Angarium ${version} quick start in ${directory}`)
  const layout = await prepare(directory, options.samples)
  const { imapdConf, cyrusConf, ports } = layout
  step('1. Configuration: two files, as a Cyrus administrator knows them', [imapdConf, cyrusConf])

  const [admin, ...people] = accountsOf(directory, ['cyrus', 'paul', 'mary'])
  if (admin === undefined) throw new Error('no administrator')
  for (const account of [admin, ...people]) await setPassword(options.bin, layout, account)
  step('2. Accounts, made with saslpasswd2', [
    ...[admin, ...people].map(shown),
    `(kept in ${join(directory, 'accounts')})`,
  ])

  const log = join(directory, 'log')
  const master = await startMaster(options.bin, layout, (text) => appendFileSync(log, text))
  try {
    step(`3. master runs as process ${master.pid}`, [
      `IMAP 127.0.0.1:${ports.imap}   POP3 127.0.0.1:${ports.pop3}   SMTP 127.0.0.1:${ports.smtp}`,
      `log: ${log}`,
    ])
    await show({ layout, admin, people, step })
    const [paul] = people
    if (paul) say(howToConnect({ layout, admin, paul, bin: options.bin }))
    return options.once ? 0 : await run(options, master)
  } finally {
    await master.stop()
  }
}

const shown = ({ user, password }: Account): string => `${user.padEnd(8)}${password}`

type Step = (title: string, lines: readonly string[]) => void

async function show(about: { layout: Layout; admin: Account; people: readonly Account[]; step: Step }): Promise<void> {
  const { layout, admin, people, step } = about
  const made: string[] = []
  for (const { user } of people) made.push(...(await makeMailbox(layout, { admin, user })))
  step('4. Mailboxes, made over IMAP as cyradm does it', made.length > 0 ? made : ['there already'])

  const [paul] = people
  if (paul === undefined) return
  const message = firstMail(new Date())
  const to = `${paul.user}@localhost`
  step(
    '5. A message comes in by SMTP and goes on by LMTP',
    await sendMail(layout, { from: 'mary@localhost', to, message }),
  )

  const file = await fileOf(layout, { user: paul.user, message })
  if (file === undefined) throw new Error('the message was accepted, and there is no file')
  const head = file.bytes.toString('latin1').split('\r\n').slice(0, 10)
  step(`6. It lies in ${relative(process.cwd(), file.path)}`, head)

  const read = await readNewest(layout, paul)
  if (read === undefined) throw new Error('the message was accepted, and IMAP does not show it')
  if (!read.bytes.equals(file.bytes)) throw new Error('IMAP shows other bytes than came in')
  step(`7. ${paul.user} reads it over IMAP`, [
    `a UID FETCH ${read.uid} BODY[]   ${read.bytes.length} octets, each as in the file`,
  ])
}

function firstMail(now: Date): Buffer {
  const date = now.toUTCString().replace('GMT', '+0000')
  return Buffer.from(
    [
      'From: Mary <mary@localhost>',
      'To: Paul <paul@localhost>',
      'Subject: It works',
      `Date: ${date}`,
      `Message-ID: <quickstart.${now.getTime()}.${process.pid}@localhost>`,
      '',
      'Mail flows: SMTP, LMTP, a numbered file, IMAP.',
      '.This line begins with a dot.',
      '',
    ].join('\r\n'),
  )
}

function howToConnect(about: { layout: Layout; admin: Account; paul: Account; bin: string }): string {
  const { layout, admin, paul, bin } = about
  const { imap, pop3, smtp } = layout.ports
  return `
Now you
    read mail      any mail program: IMAP on 127.0.0.1 port ${imap}, no TLS, name ${paul.user}, password ${paul.password}
                   mutt -f imap://${paul.user}:${paul.password}@127.0.0.1:${imap}/INBOX
                   curl -u ${paul.user}:${paul.password} "imap://127.0.0.1:${imap}/INBOX;MAILINDEX=*"
                   curl -u ${paul.user}:${paul.password} pop3://127.0.0.1:${pop3}/
    send mail      swaks --server 127.0.0.1:${smtp} --from you@example.org --to ${paul.user}@localhost
    administer     ${relative(process.cwd(), join(bin, 'cyradm'))} -u ${admin.user} --port ${imap} 127.0.0.1   (password ${admin.password})
    new accounts   ${relative(process.cwd(), join(bin, 'saslpasswd2'))} -C ${relative(process.cwd(), layout.imapdConf)} -c NAME`
}

async function run({ say, stopAsked }: QuickstartOptions, master: Master): Promise<number> {
  say('\nThe server runs until Ctrl-C; the next quick start finds everything as it was.')
  const died = await Promise.race([stopAsked.then(() => undefined), master.over])
  if (died === undefined) return 0
  say(`master has ended:\n${died}`)
  return 70
}
