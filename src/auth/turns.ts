/** Lets so many run at once; the others wait, in order. */

export type Turns = <T>(run: () => Promise<T>) => Promise<T>

export function turns(most: number): Turns {
  let free = most
  const waiting: (() => void)[] = []
  return async (run) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
