/** master: starts and keeps the server, as cyrus.conf says. master(8) */
import { versionLine } from '../config/version.js'
import { type Arguments, readArguments, usage } from './arguments.js'
import { startMaster } from './start.js'

function read(): Arguments {
  try {
    return readArguments(process.argv.slice(2))
  } catch (error) {
    process.stderr.write(`master: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
    process.exit(64)
  }
}

const args = read()
if (args.version) process.stdout.write(`${versionLine()}\n`)
else await startMaster(args)
