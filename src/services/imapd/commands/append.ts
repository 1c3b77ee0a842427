/** APPEND, of one or several messages that have already come as literals. RFC 9051 §6.3.12, RFC 3502 */
import { readAppend } from '../../../syntax/imap/append.js'
import { writeNumbers } from '../../../syntax/imap/sequence-set.js'
import { type Completion, No } from '../answers.js'
import { command } from '../command.js'
import { refusal } from '../errors.js'
import { logAppended } from '../log-change.js'
import { targetWith } from '../names.js'

export const append = command({
  name: 'APPEND',
  state: 'authenticated',
  args: (input, client) => readAppend(input, client.nameForm),
  async run(session, { mailbox: name, messages }): Promise<Completion> {
    const { server, client, user } = session
    const { mailbox, uidsReadable } = server.store.read((view) => {
      const mailbox = targetWith(view, session, name, 'i')
      return { mailbox, uidsReadable: view.rights(mailbox, user).includes('r') }
    })
    const [message, ...more] = messages
    const literal = client.literals[0]
    if (message === undefined || literal === undefined) throw new No('No message', 'CANNOT')
    // Not yet: RFC 3502 MULTIAPPEND, which has to be one change.
    if (more.length > 0) throw new No('One message at a time, please', 'CANNOT')
    if (literal.size === 0) throw new No('Message is empty', 'CANNOT')
    const { targets } = await server.store.change({
      kind: 'append',
      as: user,
      staged: literal.staged,
      targets: [
        {
          mailbox: mailbox.id,
          flags: message.flags,
          right: 'i',
          quota: true,
          ...(message.internalDate === undefined ? {} : { internalDate: Math.floor(message.internalDate / 1000) }),
        },
      ],
    })
    const [outcome] = targets
    if (outcome?.kind === 'refused') throw refusal(outcome.error)
    if (outcome?.kind === 'stored') {
      logAppended(session, mailbox.name, { uid: outcome.uid, guid: literal.staged.digests.sha1.toString('hex') })
    }
    if (outcome?.kind !== 'stored' || !uidsReadable) return {}
    return { code: `APPENDUID ${outcome.uidValidity} ${writeNumbers([outcome.uid])}` }
  },
})
