/** The program cyr_expire. */
import { cyrExpireTool } from './cyr-expire.js'
import { runStoreTool, terminal } from './store-tool.js'

process.exitCode = await runStoreTool(cyrExpireTool, process.argv.slice(2), terminal)
