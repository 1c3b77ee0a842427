// deletemailbox: DELETE. A person is asked before a user with all folders goes; a script is not. RFC 9051 §6.3.5
import { deleteMailbox, listMailboxes } from '../../../client/imap/mailboxes.js'
import { separator } from '../../../client/imap/session.js'
import { type Shell, verb } from '../verb.js'
import { forEachMailbox, hasWildCards, mailboxesLike } from '../wild-cards.js'

export const deletemailbox = verb({
  name: 'deletemailbox',
  aliases: ['dm', 'delete'],
  usage: 'mailbox',
  summary: 'delete mailbox',
  flags: { 'dry-run': 'switch' },
  takes: [1, 1],
  completes: ['mailbox'],
  async run(shell, { words: [name = ''], flags }) {
    const client = shell.client()
    if (shell.dryRun || flags.has('dry-run')) {
      for (const each of await doomed(shell, name)) shell.print(`would delete ${each}`)
      return
    }
    if (!(await agreed(shell, name))) return
    await forEachMailbox(shell, { name, doing: 'Deleting mailbox' }, (each) => deleteMailbox(client, each))
  },
})

/** What goes: a user's mailbox takes its folders with it. */
async function doomed(shell: Shell, name: string): Promise<string[]> {
  const client = shell.client()
  if (hasWildCards(name)) return mailboxesLike(client, name)
  const dot = await separator(client)
  const folders = isUser(name, dot) ? await listMailboxes(client, { pattern: `${name}${dot}*` }) : []
  return [...(await mailboxesLike(client, name)), ...folders.map((folder) => folder.name)]
}

const isUser = (name: string, dot: string): boolean => {
  const [first, user, ...more] = name.split(dot)
  return first === 'user' && user !== undefined && user !== '' && more.length === 0
}

async function agreed(shell: Shell, name: string): Promise<boolean> {
  if (!shell.asks || !/^user[./]/.test(name) || hasWildCards(name) || !isUser(name, await separator(shell.client())))
    return true
  const count = (await doomed(shell, name)).length
  return (
    count === 0 || shell.confirm(`Delete ${name} with ${count === 1 ? 'its one mailbox' : `all ${count} mailboxes`}?`)
  )
}
