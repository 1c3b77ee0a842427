/** The program ipurge. */
import { ipurgeTool } from './ipurge.js'
import { runStoreTool, terminal } from './store-tool.js'

process.exitCode = await runStoreTool(ipurgeTool, process.argv.slice(2), terminal)
