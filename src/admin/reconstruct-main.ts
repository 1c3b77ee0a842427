/** The program reconstruct. */
import { reconstructTool } from './reconstruct.js'
import { runStoreTool, terminal } from './store-tool.js'

process.exitCode = await runStoreTool(reconstructTool, process.argv.slice(2), terminal)
