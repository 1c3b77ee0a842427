/** A small seeded random source, so that every run and every state can be made again from its printed seed. */

export interface Random {
  /** A float in [0, 1). */
  next(): number
  /** A whole number in [0, below). */
  below(below: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T | undefined
  bytes(length: number): Buffer
}

/** mulberry32: 32 bits of state, good enough to choose states, not for secrets. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const next = (): number => word() / 0x1_0000_0000
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)],
    bytes: (length) => {
      const bytes = Buffer.allocUnsafe(length)
      for (let at = 0; at < length; at += 4) {
        const value = word()
        for (let k = 0; k < 4 && at + k < length; k++) bytes[at + k] = (value >>> (8 * k)) & 0xff
      }
      return bytes
    },
  }
}

/** A seed for part `part` of a run with seed `seed`. */
export function partSeed(seed: number, part: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(part + 1, 0xc2b2ae35)) >>> 0
}
