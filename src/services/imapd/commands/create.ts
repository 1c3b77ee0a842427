/** CREATE, with a partition or RFC 6154's USE. RFC 9051 §6.3.4 */
import { Bad } from '../../../syntax/imap/bad.js'
import { readListOf } from '../../../syntax/imap/list-of.js'
import { readMailbox } from '../../../syntax/imap/mailbox.js'
import type { Reader } from '../../../syntax/imap/reader.js'
import { readAstring } from '../../../syntax/imap/string.js'
import { No } from '../answers.js'
import { command } from '../command.js'
import { logCreated } from '../log-change.js'
import { internalName } from '../names.js'
import { readUse } from '../special-use.js'

interface CreateOptions {
  readonly partition?: string
  readonly specialUse?: readonly string[]
}

export const create = command({
  name: 'CREATE',
  state: 'authenticated',
  args(input, client) {
    input.space()
    const name = readMailbox(input, client.nameForm)
    return { name, options: readOptions(input) }
  },
  async run(session, { name, options }) {
    const { server, user } = session
    if (options.partition !== undefined && !user.admin) throw new No('Permission denied', 'NOPERM')
    const internal = internalName(session, withoutDelimiter(name, server.names.separator))
    const created = await server.store.change({ kind: 'createMailbox', as: user, name: internal, ...options })
    logCreated(session, internal, created.uniqueId)
    return { code: `MAILBOXID (${created.uniqueId})` }
  },
})

/** A name that ends in the delimiter is one below which the client means to create others. RFC 9051 §6.3.4 */
function withoutDelimiter(name: string, separator: string): string {
  return name.length > 1 && name.endsWith(separator) ? name.slice(0, -1) : name
}

/** [SP partition] as Cyrus has it, or [SP "(" "USE" SP "(" use-attr … ")" ")"]. RFC 6154 §3, RFC 4466 §2.2 */
function readOptions(input: Reader): CreateOptions {
  if (input.atEnd || !input.accept(' ') || input.atEnd) return {}
  if (input.peek() !== 0x28) return { partition: readAstring(input).toString('latin1') }
  let options: CreateOptions = {}
  readListOf(input, (each) => {
    if (each.acceptWord('USE')) {
      each.space()
      options = { ...options, specialUse: readListOf(each, readUseAttribute) }
    } else if (each.acceptWord('PARTITION')) {
      each.space()
      options = { ...options, partition: readAstring(each).toString('latin1') }
    } else throw new Bad(`Invalid CREATE parameter ${each.where()}`)
  })
  return options
}

function readUseAttribute(input: Reader): string {
  input.expect('\\')
  return readUse(`\\${input.atom('a special use')}`)
}
