/** All commands of POP3. */
import { apop } from './commands/apop.js'
import { auth } from './commands/auth.js'
import { capa } from './commands/capa.js'
import { dele } from './commands/dele.js'
import { lang } from './commands/lang.js'
import { list } from './commands/list.js'
import { noop } from './commands/noop.js'
import { pass } from './commands/pass.js'
import { quit } from './commands/quit.js'
import { retr } from './commands/retr.js'
import { rset } from './commands/rset.js'
import { stat } from './commands/stat.js'
import { stls } from './commands/stls.js'
import { top } from './commands/top.js'
import { uidl } from './commands/uidl.js'
import { user } from './commands/user.js'
import { utf8 } from './commands/utf8.js'
import type { Pop3Command } from './state.js'

export const commands: ReadonlyMap<string, Pop3Command> = new Map(
  [
    ...[user, pass, apop, auth], // authorization state   RFC 1939 §4, RFC 5034
    ...[stls, utf8, lang], //                             RFC 2595 §4, RFC 6856
    ...[stat, list, retr, dele, noop, rset, top, uidl], // transaction state   RFC 1939 §5, §7
    ...[quit, capa], // any state                         RFC 1939 §6, RFC 2449 §5
  ].map((command) => [command.keyword, command]),
)
