// The verbs of cyradm, in the order in which help lists them.
import type { Verb } from './verb.js'
import { authenticate } from './verbs/authenticate.js'
import { chdir } from './verbs/chdir.js'
import { createmailbox } from './verbs/createmailbox.js'
import { deleteaclmailbox } from './verbs/deleteaclmailbox.js'
import { deletemailbox } from './verbs/deletemailbox.js'
import { disconnect } from './verbs/disconnect.js'
import { exit } from './verbs/exit.js'
import { explainacl, testacl } from './verbs/explainacl.js'
import { helpOn } from './verbs/help.js'
import { getmetadata, info } from './verbs/info.js'
import { listacl } from './verbs/listacl.js'
import { listmailbox } from './verbs/listmailbox.js'
import { listquota } from './verbs/listquota.js'
import { listquotaroot } from './verbs/listquotaroot.js'
import { mboxcfg, setmetadata } from './verbs/mboxcfg.js'
import { reconstruct } from './verbs/reconstruct.js'
import { renamemailbox } from './verbs/renamemailbox.js'
import { server } from './verbs/server.js'
import { setaclmailbox } from './verbs/setaclmailbox.js'
import { setinfo } from './verbs/setinfo.js'
import { setquota } from './verbs/setquota.js'
import { subscribe, unsubscribe } from './verbs/subscribe.js'
import { version } from './verbs/version.js'
import { xfermailbox } from './verbs/xfermailbox.js'

export const verbs: readonly Verb[] = [
  ...[authenticate, chdir, createmailbox, deleteaclmailbox, deletemailbox, disconnect, exit],
  ...[explainacl, getmetadata],
  helpOn(() => verbs),
  ...[info, listacl, listmailbox, listquota, listquotaroot, mboxcfg, reconstruct, renamemailbox, server],
  ...[setaclmailbox, setinfo, setmetadata, setquota, subscribe, testacl, unsubscribe, version, xfermailbox],
]

/** By its name or another one of its names. */
export const verbNamed = (word: string): Verb | undefined =>
  verbs.find(({ name, aliases }) => name === word || aliases.includes(word))
