/** The program ctl_cyrusdb. */
import { ctlCyrusdb } from './ctl-cyrusdb.js'
import { terminal } from './store-tool.js'

process.exitCode = await ctlCyrusdb(process.argv.slice(2), terminal)
