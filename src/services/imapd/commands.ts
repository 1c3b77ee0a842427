/** The command table: read it like the RFC's table of contents. */
import type { Command } from './command.js'
import { append } from './commands/append.js'
import { authenticate } from './commands/authenticate.js'
import { capability } from './commands/capability.js'
import { check } from './commands/check.js'
import { close } from './commands/close.js'
import { compress } from './commands/compress.js'
import { copy, move, uidCopy, uidMove } from './commands/copy.js'
import { create } from './commands/create.js'
import { remove } from './commands/delete.js'
import { deleteacl } from './commands/deleteacl.js'
import { enable } from './commands/enable.js'
import { expunge, uidExpunge } from './commands/expunge.js'
import { fetch, uidFetch } from './commands/fetch.js'
import { getacl } from './commands/getacl.js'
import { getmetadata } from './commands/getmetadata.js'
import { getquota } from './commands/getquota.js'
import { getquotaroot } from './commands/getquotaroot.js'
import { id } from './commands/id.js'
import { idle } from './commands/idle.js'
import { list } from './commands/list.js'
import { listrights } from './commands/listrights.js'
import { login } from './commands/login.js'
import { logout } from './commands/logout.js'
import { lsub } from './commands/lsub.js'
import { myrights } from './commands/myrights.js'
import { namespace } from './commands/namespace.js'
import { noop } from './commands/noop.js'
import { rename } from './commands/rename.js'
import { search, uidSearch } from './commands/search.js'
import { examine, select } from './commands/select.js'
import { setacl } from './commands/setacl.js'
import { setmetadata } from './commands/setmetadata.js'
import { setquota } from './commands/setquota.js'
import { sort, uidSort } from './commands/sort.js'
import { starttls } from './commands/starttls.js'
import { status } from './commands/status.js'
import { store, uidStore } from './commands/store.js'
import { subscribe, unsubscribe } from './commands/subscribe.js'
import { thread, uidThread } from './commands/thread.js'
import { unauthenticate } from './commands/unauthenticate.js'
import { unselect } from './commands/unselect.js'

// biome-ignore format: one line a section
export const commands: readonly Command[] = [
  capability, noop, logout, id,                                       // any state          RFC 9051 §6.1, RFC 2971
  starttls, authenticate, login,                                      // not authenticated  RFC 9051 §6.2
  compress, unauthenticate,                                           // authenticated      RFC 4978, RFC 8437
  enable, select, examine, create, remove, rename,                    // authenticated      RFC 9051 §6.3
  subscribe, unsubscribe, list, lsub, namespace, status, append, idle,
  setacl, deleteacl, getacl, listrights, myrights,                    // authenticated      RFC 4314 §3
  getquota, getquotaroot, setquota,                                   // authenticated      RFC 9208 §4.1
  getmetadata, setmetadata,                                           // authenticated      RFC 5464 §4
  close, unselect, check, expunge, search, fetch, store, copy, move,  // selected           RFC 9051 §6.4
  sort, thread, uidSort, uidThread,                                   // selected           RFC 5256
  uidExpunge, uidSearch, uidFetch, uidStore, uidCopy, uidMove,        // selected           RFC 9051 §6.4.9
]

const byName = new Map(commands.map((each) => [each.name, each]))

export function commandNamed(name: string): Command | undefined {
  return byName.get(name)
}
