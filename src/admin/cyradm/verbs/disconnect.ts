// disconnect: leave the server, stay in the shell.
import { verb } from '../verb.js'

export const disconnect = verb({
  name: 'disconnect',
  aliases: ['disc'],
  usage: '',
  summary: 'disconnect from current server',
  takes: [0, 0],
  run: (shell) => shell.disconnect(),
})
