/** What a program under the power-cut simulator, and the check of the trees it leaves, look like. */

/** Writes one line that counts from the moment it is written: a promise given to somebody, or a change begun. */
export type WriteNote = (line: string) => void

export interface Scenario {
  /** Untraced: makes the tree that is durable before the trace begins. The directory exists and is empty. */
  prepare?(root: string, seed: number): Promise<void>
  /** Traced, in a process of its own. May start further processes; they are traced too. */
  run(root: string, note: WriteNote, seed: number): Promise<void>
  /** Looks at one tree after a power cut, as start-up would. Returns complaints; none: the tree keeps every promise. */
  check(root: string, notes: readonly string[], seed: number): Promise<string[]>
  /** Files that may be written through shared mappings: their contents after a cut are arbitrary. */
  readonly mapped: readonly string[]
}
