/** The nearest known name to a mistyped one. */

/** How many letters must be changed, added, left out or swapped with a neighbour. Stops counting above `limit`. */
export function distance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1
  let before: number[] = []
  let above = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1]
      let least = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (column > 1 && row > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1])
        least = Math.min(least, (before[column - 2] ?? 0) + 1)
      current.push(least)
    }
    before = above
    above = current
  }
  return above[other.length] ?? limit + 1
}

/** The known name that is near enough to be meant, if any: at most a third of the letters differ, and at most three. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)))
  let [best, least]: [string | undefined, number] = [undefined, limit + 1]
  for (const candidate of known) {
    const steps = distance(name, candidate, limit)
    if (steps < least) [best, least] = [candidate, steps]
  }
  return best
}

export function didYouMean(name: string, known: Iterable<string>): string {
  const found = nearest(name, known)
  return found === undefined ? '' : `; did you mean ${found}?`
}
