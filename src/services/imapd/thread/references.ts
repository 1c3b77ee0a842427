/** THREAD=REFERENCES: who answers whom, then what belongs together by subject. RFC 5256 §3, the steps numbered as there. */
import { byTime, type Thread, type ThreadedMessage } from './thread.js'

interface Node {
  message: ThreadedMessage | undefined
  parent: Node | undefined
  children: Set<Node>
  /** When the thread is placed among others: of the message, or of the first below it. */
  time: number
  uid: number
}

export function threadByReferences(messages: readonly ThreadedMessage[]): Thread[] {
  const nodes = link(messages)
  const roots = prune([...nodes].filter(({ parent }) => parent === undefined))
  for (const root of roots) date(root)
  roots.sort(byTime)
  const gathered = gather(roots)
  for (const root of gathered) date(root)
  return finished(gathered.sort(byTime))
}

function newNode(message?: ThreadedMessage): Node {
  return { message, parent: undefined, children: new Set(), time: message?.time ?? 0, uid: message?.uid ?? 0 }
}

/** Step 1: a node for each message and each identifier, joined as the references say. */
function link(messages: readonly ThreadedMessage[]): Set<Node> {
  const byId = new Map<string, Node>()
  const all = new Set<Node>()
  const nodeOf = (id: string): Node => {
    const known = byId.get(id)
    if (known !== undefined) return known
    const node = newNode()
    byId.set(id, node)
    all.add(node)
    return node
  }
  for (const message of messages) {
    const { messageId } = message
    let node = messageId === undefined ? undefined : nodeOf(messageId)
    // Two messages with one identifier: the second is on its own.
    if (node === undefined || node.message !== undefined) {
      node = newNode()
      all.add(node)
    }
    node.message = message
    node.time = message.time
    node.uid = message.uid
    let parent: Node | undefined
    for (const id of message.references) {
      const next = nodeOf(id)
      if (parent !== undefined && next.parent === undefined && !isWithin(parent, next)) adopt(parent, next)
      parent = next
    }
    // What the message itself says is worth more than what others said of it.
    if (node.parent !== undefined) release(node)
    if (parent !== undefined && parent !== node && !isWithin(parent, node)) adopt(parent, node)
  }
  return all
}

/** Whether `node` is `above` or lies below it. */
function isWithin(node: Node, above: Node): boolean {
  for (let at: Node | undefined = node; at !== undefined; at = at.parent) if (at === above) return true
  return false
}

function adopt(parent: Node, child: Node): void {
  child.parent = parent
  parent.children.add(child)
}

function release(node: Node): void {
  node.parent?.children.delete(node)
  node.parent = undefined
}

/** Step 3: nodes without a message go; their children take their place, at the top only if there is just one. */
function prune(roots: readonly Node[]): Node[] {
  for (const node of deepestFirst(roots)) {
    if (node.message !== undefined || node.parent === undefined) continue
    const { parent } = node
    release(node)
    for (const child of [...node.children]) {
      release(child)
      adopt(parent, child)
    }
  }
  return roots.flatMap((root) => {
    if (root.message !== undefined) return [root]
    const children = [...root.children]
    if (children.length > 1) return [root]
    for (const child of children) release(child)
    return children
  })
}

/** Every node, children before their parents. */
function deepestFirst(roots: readonly Node[]): Node[] {
  const order: Node[] = []
  const work = [...roots]
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    order.push(node)
    work.push(...node.children)
  }
  return order.reverse()
}

/** Step 4 and 6: a node without a message stands where its first child does. */
function date(root: Node): void {
  for (const node of deepestFirst([root])) {
    if (node.message !== undefined) continue
    const [first] = [...node.children].sort(byTime)
    node.time = first?.time ?? 0
    node.uid = first?.uid ?? 0
  }
}

/** Step 5: threads of one subject become one. */
function gather(roots: readonly Node[]): Node[] {
  const bySubject = new Map<string, Node>()
  for (const root of roots) {
    const { subject, isReply } = subjectOf(root)
    if (subject === '') continue
    const known = bySubject.get(subject)
    const better =
      known === undefined ||
      (root.message === undefined && known.message !== undefined) ||
      (known.message !== undefined && subjectOf(known).isReply && !isReply)
    if (better) bySubject.set(subject, root)
  }
  const kept = new Set(roots)
  for (const root of roots) {
    const { subject, isReply } = subjectOf(root)
    const other = bySubject.get(subject)
    if (subject === '' || other === undefined || other === root) continue
    kept.delete(root)
    merge(root, { other, isReply, subject, bySubject, kept })
  }
  return [...kept]
}

interface Merging {
  readonly other: Node
  readonly isReply: boolean
  readonly subject: string
  readonly bySubject: Map<string, Node>
  readonly kept: Set<Node>
}

function merge(root: Node, { other, isReply, subject, bySubject, kept }: Merging): void {
  if (root.message === undefined && other.message === undefined) {
    for (const child of [...root.children]) {
      release(child)
      adopt(other, child)
    }
  } else if (other.message === undefined || (isReply && !subjectOf(other).isReply)) {
    adopt(other, root)
  } else {
    // Neither answers the other: both below a message that is missing.
    const both = newNode()
    kept.delete(other)
    kept.add(both)
    adopt(both, other)
    adopt(both, root)
    bySubject.set(subject, both)
  }
}

/** The subject of the message, or of the first below a missing one. */
function subjectOf(node: Node): { readonly subject: string; readonly isReply: boolean } {
  const { message } = node.message === undefined ? ([...node.children].sort(byTime)[0] ?? node) : node
  return { subject: message?.subject ?? '', isReply: message?.isReply ?? false }
}

/** Step 6: children in order; built from the leaves, so that no depth is too deep. */
function finished(roots: readonly Node[]): Thread[] {
  const threads = new Map<Node, Thread>()
  const all = (nodes: Iterable<Node>): Thread[] =>
    [...nodes].sort(byTime).flatMap((node) => {
      const thread = threads.get(node)
      return thread === undefined ? [] : [thread]
    })
  for (const node of deepestFirst(roots)) {
    threads.set(node, { uid: node.message?.uid, children: all(node.children) })
  }
  return all(roots)
}
