/** The program quota. */
import { quotaTool } from './quota.js'
import { runStoreTool, terminal } from './store-tool.js'

process.exitCode = await runStoreTool(quotaTool, process.argv.slice(2), terminal)
