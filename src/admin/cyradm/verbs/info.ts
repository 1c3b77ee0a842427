// info and getmetadata: the annotations of mailboxes, or of the server. RFC 5464 §4.2
import type { ImapClient } from '../../../client/imap/client.js'
import { getMetadata } from '../../../client/imap/metadata.js'
import { annotationLines } from '../annotations.js'
import type { Arguments } from '../flags.js'
import { type Shell, verb } from '../verb.js'
import { hasWildCards, mailboxesLike } from '../wild-cards.js'

export const info = verb({
  name: 'info',
  aliases: [],
  usage: '[mailbox]',
  summary: 'display mailbox/server annotations',
  takes: [0, 1],
  complains: '',
  completes: ['mailbox'],
  run: showAnnotations,
})

export const getmetadata = verb({
  name: 'getmetadata',
  aliases: ['getmd'],
  usage: '[mailbox]',
  summary: 'display mailbox/server metadata',
  takes: [0, 1],
  complains: '',
  completes: ['mailbox'],
  run: showAnnotations,
})

async function showAnnotations(shell: Shell, { words: [name = ''] }: Arguments): Promise<void> {
  const client = shell.client()
  for (const mailbox of hasWildCards(name) ? await mailboxesLike(client, name) : [name]) {
    const entries = await all(client, mailbox)
    const title = mailbox === '' ? '{Server Wide}' : `{${mailbox}}:`
    shell.show({ mailbox, annotations: Object.fromEntries(entries) }, annotationLines(title, entries))
  }
}

async function all(client: ImapClient, mailbox: string): Promise<Map<string, string | undefined>> {
  const ours = await getMetadata(client, mailbox, ['/private/*'])
  return new Map([...ours, ...(await getMetadata(client, mailbox, ['/shared/*']))])
}
