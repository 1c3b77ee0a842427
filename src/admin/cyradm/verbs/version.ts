// version: what the server says of itself with ID. RFC 2971
import { identify } from '../../../client/imap/session.js'
import { verb } from '../verb.js'

const WIDTH = 11

export const version = verb({
  name: 'version',
  aliases: ['ver'],
  usage: '',
  summary: 'display version info of current server',
  takes: [0, 0],
  async run(shell) {
    const fields = await identify(shell.client())
    const lines = [...fields].flatMap(([name, value = '']) =>
      value
        .split('; ')
        .map((part, index) => `${index === 0 ? `${name.padEnd(WIDTH)}: ` : ' '.repeat(WIDTH + 2)}${part}`),
    )
    shell.show(Object.fromEntries(fields), lines)
  },
})
