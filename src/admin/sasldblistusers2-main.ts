/** The program sasldblistusers2. */
import { sasldblistusers2 } from './sasldblistusers2.js'

process.exitCode = await sasldblistusers2(process.argv.slice(2), {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  password: () => Promise.resolve(undefined),
})
