/** Long work in short turns, so that no other connection waits for this one. */
import { setImmediate } from 'node:timers/promises'

/** Milliseconds of CPU that a connection takes before it lets the others run. */
const LONGEST_TURN = 6

/** One connection's share of the event loop. */
export class Turn {
  #began = performance.now()

  /** Whether the connection has used its turn: a loop over messages ends its slice here. */
  get over(): boolean {
    return performance.now() - this.#began > LONGEST_TURN
  }

  /** Lets the other connections run if the turn is over. */
  async share(): Promise<void> {
    if (!this.over) return
    await setImmediate()
    this.#began = performance.now()
  }

  /** The connection has waited for something else meanwhile. */
  renew(): void {
    this.#began = performance.now()
  }
}
