// subscribe and unsubscribe: which mailboxes a reader wants to see. RFC 9051 §6.3.7
import { subscribe as subscribeTo, unsubscribe as unsubscribeFrom } from '../../../client/imap/mailboxes.js'
import { verb } from '../verb.js'

export const subscribe = verb({
  name: 'subscribe',
  aliases: ['sub'],
  usage: '[mailbox]',
  summary: 'subscribe to a mailbox',
  takes: [0, 1],
  complains: '',
  completes: ['mailbox'],
  run: (shell, { words: [mailbox = 'INBOX'] }) => subscribeTo(shell.client(), mailbox),
})

export const unsubscribe = verb({
  name: 'unsubscribe',
  aliases: ['unsub'],
  usage: '[mailbox]',
  summary: 'unsubscribe from a mailbox',
  takes: [0, 1],
  complains: '',
  completes: ['mailbox'],
  run: (shell, { words: [mailbox = 'INBOX'] }) => unsubscribeFrom(shell.client(), mailbox),
})
