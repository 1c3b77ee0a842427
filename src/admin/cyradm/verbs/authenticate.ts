// authenticate: sign in on a connection that is not signed in yet.
import { verb } from '../verb.js'

export const authenticate = verb({
  name: 'authenticate',
  aliases: ['login', 'auth'],
  usage:
    '[-minssf N] [-maxssf N] [-mechanisms list] [-service name] [-tlskey keyfile] [-notls] [-cafile cacertfile] [-capath cacertdir] [user]',
  summary: 'authenticate to server',
  flags: {
    minssf: 'value',
    maxssf: 'value',
    mechanisms: 'value',
    service: 'value',
    tlskey: 'value',
    notls: 'switch',
    cafile: 'value',
    capath: 'value',
  },
  takes: [0, 1],
  async run(shell, { words: [user], flags }) {
    shell.client()
    if (shell.signedIn) return
    await shell.authenticate({ user, mechanisms: flags.get('mechanisms')?.split(/[\s,]+/) })
  },
})
