/** What other sessions are told after a commit: through the hub when there is one, else within this process. */
import type { HubClient, News } from '../net/hub-client.js'
import type { Watch } from './store.js'
import type { MailboxId, ModSeq } from './types.js'
import type { Told } from './writer/writer.js'

/** Key of the hub for creations, renames, deletions and changes of rights. */
const listKey = 'list'

/** Everybody in this process who watches one mailbox: one subscription and one look at the store for all. */
interface Group {
  readonly heard: Set<(modSeq: ModSeq) => void>
  readonly stop: () => void
  /** The newest modseq that the group was told of. */
  told: number
}

export class Announcer {
  readonly #hub: HubClient | undefined
  readonly #modSeqOf: (mailbox: MailboxId) => ModSeq | undefined
  readonly #groups = new Map<MailboxId, Group>()
  readonly #listWatchers = new Set<() => void>()
  #stopList: (() => void) | undefined
  #listNews = Date.now()

  constructor(hub: HubClient | undefined, modSeqOf: (mailbox: MailboxId) => ModSeq | undefined) {
    this.#hub = hub
    this.#modSeqOf = modSeqOf
  }

  announce({ changed, listChanged }: Told): void {
    for (const { mailbox, modSeq } of changed) {
      if (this.#hub) this.#hub.announce(String(mailbox), BigInt(modSeq))
      else this.#hear(mailbox, { kind: 'changed', modSeq: BigInt(modSeq) })
    }
    if (!listChanged) return
    if (this.#hub) this.#hub.announce(listKey, BigInt(++this.#listNews))
    else this.#hearList()
  }

  watch(mailbox: MailboxId, changed: (modSeq: ModSeq) => void): Watch {
    const group = this.#groups.get(mailbox) ?? this.#begin(mailbox)
    group.heard.add(changed)
    return {
      stop: () => {
        group.heard.delete(changed)
        if (group.heard.size > 0 || this.#groups.get(mailbox) !== group) return
        this.#groups.delete(mailbox)
        group.stop()
      },
    }
  }

  watchList(changed: () => void): Watch {
    this.#stopList ??= this.#hub?.subscribe(listKey, () => this.#hearList())
    this.#listWatchers.add(changed)
    return { stop: () => this.#listWatchers.delete(changed) }
  }

  #begin(mailbox: MailboxId): Group {
    const stop = this.#hub?.subscribe(String(mailbox), (news) => this.#hear(mailbox, news)) ?? (() => undefined)
    const group: Group = { heard: new Set(), stop, told: this.#modSeqOf(mailbox) ?? 0 }
    this.#groups.set(mailbox, group)
    return group
  }

  /** Tells the group what is news to it. A mailbox that is gone has modseq 0 and is always news. */
  #hear(mailbox: MailboxId, news: News): void {
    const group = this.#groups.get(mailbox)
    if (!group) return
    const modSeq = news.kind === 'changed' ? Number(news.modSeq) : (this.#modSeqOf(mailbox) ?? 0)
    if (modSeq !== 0 && modSeq <= group.told) return
    group.told = modSeq
    for (const changed of [...group.heard]) changed(modSeq as ModSeq)
  }

  #hearList(): void {
    for (const changed of [...this.#listWatchers]) changed()
  }
}
