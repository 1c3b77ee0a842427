/** The program chk_cyrus. */
import { chkCyrusTool } from './chk-cyrus.js'
import { runStoreTool, terminal } from './store-tool.js'

process.exitCode = await runStoreTool(chkCyrusTool, process.argv.slice(2), terminal)
