/** The program saslpasswd2. */
import { askNewPassword, readPassword } from './password-prompt.js'
import { saslpasswd2 } from './saslpasswd2.js'

process.exitCode = await saslpasswd2(process.argv.slice(2), {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  password: (pipe) => (pipe || !process.stdin.isTTY ? readPassword(process.stdin) : askNewPassword()),
})
process.stdin.destroy()
