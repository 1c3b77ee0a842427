// `angarium quickstart [--once] [--dir DIR]`: the program.
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { angariumVersion } from '../../config/version.js'
import { packageFolders } from '../angarium.js'
import { quickstart } from '../quickstart/quickstart.js'

const usage = 'usage: angarium quickstart [--once] [--dir DIRECTORY]'

/** Resolves at Ctrl-C, SIGTERM, or when whoever started this is gone. */
function stopAsked(): Promise<void> {
  const parent = process.ppid
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done())
    setInterval(() => (process.ppid === parent ? undefined : done()), 500).unref()
  })
}

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = {
      once: { type: 'boolean', default: false },
      dir: { type: 'string', default: '.quickstart' },
    } as const
    const { once, dir } = parseArgs({ args: [...args], options }).values
    const { bin } = packageFolders()
    return await quickstart({
      directory: resolve(dir),
      once,
      bin,
      samples: join(bin, '../conf'),
      version: angariumVersion(),
      say: (text) => console.log(text),
      stopAsked: stopAsked(),
    })
  } catch (error) {
    const wrongArguments =
      error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    console.error(wrongArguments ? usage : `quickstart: ${error instanceof Error ? error.message : String(error)}`)
    return wrongArguments ? 64 : 70
  }
}

process.exitCode = await main(process.argv.slice(2))
