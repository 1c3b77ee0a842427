/** What administrators say to those who connect: msg/motd, and msg/shutdown, which closes the doors. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Milliseconds for which a file is believed unchanged. */
const FRESH = 1000
const LONGEST = 512

export interface Notices {
  /** The message of the day: one line, undefined when there is none. */
  motd(): string | undefined
  /** While it exists nobody is served: why, in one line. */
  shutdown(): string | undefined
}

export function notices(configDirectory: string, now: () => number = Date.now): Notices {
  return {
    motd: lineOf(join(configDirectory, 'msg', 'motd'), now),
    shutdown: lineOf(join(configDirectory, 'msg', 'shutdown'), now),
  }
}

function lineOf(path: string, now: () => number): () => string | undefined {
  let [checked, line] = [Number.NEGATIVE_INFINITY, undefined as string | undefined]
  return () => {
    if (now() - checked > FRESH) {
      checked = now()
      line = firstLine(path)
    }
    return line
  }
}

/** The first line, without what a protocol could not carry. An empty shutdown file still shuts. */
function firstLine(path: string): string | undefined {
  try {
    const [line = ''] = readFileSync(path, 'utf8').split('\n')
    return (
      line
        .replace(/[^\x20-\x7e]+/g, ' ')
        .trim()
        .replace(/^\[/, ' [')
        .slice(0, LONGEST) || 'System shutting down'
    )
  } catch {
    return undefined
  }
}
