// server: which server this is, or another one.
import { NotConnected, verb } from '../verb.js'

export const server = verb({
  name: 'server',
  aliases: ['connect', 'servername'],
  usage: '[-noauthenticate] [server]',
  summary: 'show current server or connect to server',
  flags: { noauthenticate: 'switch' },
  takes: [0, 1],
  async run(shell, { words: [name], flags }) {
    if (name !== undefined) return shell.connect(name, { authenticate: !flags.has('noauthenticate') })
    if (shell.server === undefined) throw new NotConnected()
    shell.print(shell.server)
  },
})
