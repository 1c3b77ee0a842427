// cyradm: the administrator's shell over IMAP. `cyradm [-u user] [args] [server]`
import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { ImapLost } from '../../client/imap/errors.js'
import { BadCommandLine, type CommandLineSettings, helpText, readCommandLine } from './command-line.js'
import { statusOf } from './connect.js'
import { Person } from './person.js'
import { Script } from './script.js'
import { CyradmShell, NotSignedIn } from './shell.js'

const FAILED = 255

/** The exit status: that of `exit N`, else of the last command; 111 when the server refuses, 255 when nothing could be done. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const settings = readCommandLine(args)
    if (settings === 'help') process.stdout.write(helpText)
    else if (settings === 'version') process.stdout.write('version: Angarium\n')
    else return await run(settings)
    return 0
  } catch (error) {
    if (!(error instanceof BadCommandLine)) throw error
    process.stderr.write(`cyradm: ${error.message}\n`)
    return FAILED
  }
}

async function run({ server, file, shell: settings }: CommandLineSettings): Promise<number> {
  const script = file !== undefined || !process.stdin.isTTY
  const talk = script ? new Script(await inputFrom(file), file ?? 'stdin') : new Person()
  const shell = new CyradmShell(settings, talk)
  try {
    const failure = server === undefined ? undefined : await begin(shell, server, settings.actAs ?? settings.user)
    if (failure !== undefined) return failure
    await talk.run(shell)
    return shell.leaving?.status ?? shell.status
  } finally {
    talk.close()
    await shell.disconnect()
  }
}

/** The status to end with; undefined when all is well. */
async function begin(shell: CyradmShell, server: string, user: string): Promise<number | undefined> {
  try {
    await shell.connect(server, { authenticate: true })
    return undefined
  } catch (error) {
    if (!(error instanceof ImapLost || error instanceof NotSignedIn)) throw error
    const signedOut = error instanceof NotSignedIn || shell.server !== undefined
    const what = signedOut ? `cannot authenticate to server as ${user}` : 'cannot connect to server'
    process.stderr.write(signedOut ? `${error.message}\ncyradm: ${what}\n` : `cyradm: ${what}: ${error.message}\n`)
    return signedOut ? FAILED : statusOf(error)
  }
}

/** Throws BadCommandLine when the file cannot be read. */
async function inputFrom(file: string | undefined): Promise<Readable> {
  if (file === undefined) return process.stdin
  const stream = createReadStream(file)
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve())
    stream.once('error', (error) => reject(new BadCommandLine(`cannot read ${file}: ${error.message}`)))
  })
  return stream
}
