/** The program ctl_mboxlist. */
import { ctlMboxlistTool } from './ctl-mboxlist.js'
import { runStoreTool, terminal } from './store-tool.js'

process.exitCode = await runStoreTool(ctlMboxlistTool, process.argv.slice(2), terminal)
