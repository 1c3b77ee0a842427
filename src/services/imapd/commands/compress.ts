/** COMPRESS: deflate both ways from here on. RFC 4978 */
import { Bad } from '../../../syntax/imap/bad.js'
import { No } from '../answers.js'
import { command } from '../command.js'

export const compress = command({
  name: 'COMPRESS',
  state: 'authenticated',
  args(input) {
    input.space()
    return input.atom('a compression algorithm').toUpperCase()
  },
  async run({ client }, algorithm) {
    if (algorithm !== 'DEFLATE') throw new Bad('Unknown compression algorithm')
    if (client.compressed) throw new No('DEFLATE active already', 'COMPRESSIONACTIVE')
    return { text: 'DEFLATE active', next: 'compress' }
  },
})
