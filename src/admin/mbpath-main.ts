/** The program mbpath. */
import { mbpathTool } from './mbpath.js'
import { runStoreTool, terminal } from './store-tool.js'

process.exitCode = await runStoreTool(mbpathTool, process.argv.slice(2), terminal)
