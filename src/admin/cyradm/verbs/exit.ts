// exit: leave the shell, with a status.
import { verb } from '../verb.js'

export const exit = verb({
  name: 'exit',
  aliases: ['quit'],
  usage: '[number]',
  summary: 'exit cyradm',
  takes: [0, 1],
  async run(shell, { words: [status] }) {
    shell.exit(status === undefined ? undefined : (Number.parseInt(status, 10) || 0) & 255)
  },
})
