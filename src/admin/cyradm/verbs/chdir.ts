// chdir: where redirected output and files are.
import { verb } from '../verb.js'

export const chdir = verb({
  name: 'chdir',
  aliases: ['cd'],
  usage: 'directory',
  summary: 'change current directory',
  takes: [1, 1],
  async run(_shell, { words: [directory = ''] }) {
    try {
      process.chdir(directory)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      throw new Error(`${directory}: ${code === 'ENOENT' ? 'No such file or directory' : String(code)}`)
    }
  },
})
