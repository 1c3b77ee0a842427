/** Small promises for waiting on events of streams. */

/** A promise that another event resolves. */
export interface Settled {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

export function settled(): Settled {
  let resolve: () => void = ignore
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Resolves when `begin` calls back, at the latest after `span` milliseconds. */
export function within(span: number, begin: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, span)
    begin(() => {
      clearTimeout(late)
      resolve()
    })
  })
}

export function ignore(): void {}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
