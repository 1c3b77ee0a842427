/** The program mkimap. */
import { mkimap } from './mkimap.js'
import { terminal } from './store-tool.js'

process.exitCode = mkimap(process.argv.slice(2), terminal)
