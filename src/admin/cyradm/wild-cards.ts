// Mailbox names with `*` and `%`: the mailboxes that they stand for.
import type { ImapClient } from '../../client/imap/client.js'
import { type Listed, type ListOptions, listMailboxes } from '../../client/imap/mailboxes.js'

export const hasWildCards = (name: string): boolean => /[*%]/.test(name)

/** LIST in the order of names: servers put users before shared mailboxes, or answer in no order at all. */
export async function sortedMailboxes(client: ImapClient, options: ListOptions): Promise<Listed[]> {
  const found = await listMailboxes(client, options)
  return found.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0))
}

/** The mailboxes that there are, without those that are only a level above others. */
export async function mailboxesLike(client: ImapClient, pattern: string): Promise<string[]> {
  const found = await sortedMailboxes(client, { pattern })
  return found.filter(({ attributes }) => !attributes.some(isNoMailbox)).map(({ name }) => name)
}

const isNoMailbox = (attribute: string): boolean => /^\\(NonExistent|Noselect)$/i.test(attribute)

/**
 * Does it to one mailbox, or to all that a pattern matches, with a line for each; the first refusal ends it.
 * `doing` is the beginning of that line: "Deleting mailbox".
 */
export async function forEachMailbox(
  shell: { client(): ImapClient; say(text: string): void; complain(line: string): void },
  { name, doing }: { name: string; doing: string },
  act: (name: string) => Promise<void>,
): Promise<void> {
  if (!hasWildCards(name)) {
    await act(name)
    return
  }
  for (const each of await mailboxesLike(shell.client(), name)) {
    shell.say(`${doing} ${each}...`)
    try {
      await act(each)
    } catch (error) {
      shell.complain(error instanceof Error ? error.message : String(error))
      return
    }
    shell.say('OK.\n')
  }
}
