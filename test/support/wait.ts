/** Waiting for something to become true, with a bound, for checks of running servers. */
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export { sleep }

/** Asks again and again until the answer is neither false nor undefined; throws after `within` milliseconds. */
export async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  within = 20_000,
): Promise<Exclude<T, false | undefined>> {
  const end = performance.now() + within
  let last: unknown
  do {
    try {
      const answer = await ask()
      if (answer !== false && answer !== undefined) return answer as Exclude<T, false | undefined>
      last = undefined
    } catch (error) {
      last = error
    }
    await sleep(50)
  } while (performance.now() < end)
  throw new Error(`waited ${within} ms in vain for ${what}`, { cause: last })
}

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
