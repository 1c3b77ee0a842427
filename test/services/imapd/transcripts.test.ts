/** Plays every transcript of this folder against the server. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isLocal, openTarget, type Target } from './target.js'
import { matchesStep, readTranscript, type Step, type Transcript } from './transcript.js'

const folder = resolve(fileURLToPath(import.meta.url), '../../../../../test/services/imapd')

describe('services/imapd transcripts', () => {
  for (const file of readdirSync(folder).filter((each) => each.endsWith('.txt'))) {
    const transcript = readTranscript(file, readFileSync(join(folder, file), 'utf8'))
    const here = transcript.directives.some(({ key, value }) => key === 'only' && value === 'local')
    if (!isLocal && here) continue
    it(file, async () => {
      const target = await openTarget(transcript)
      let failed = true
      try {
        await play(transcript, target)
        failed = false
      } finally {
        await target.close().catch((error: unknown) => {
          if (!failed) throw error
        })
      }
    })
  }
})

async function play({ name, steps }: Transcript, target: Target): Promise<void> {
  /** Connections of which "…" alone stands for any lines until the next step matches. */
  const skipping = new Set<number>()
  for (const step of steps) {
    const client = await target.connection(step.connection)
    if (step.from === 'C') client.send(step.text)
    else if (step.text === '…') skipping.add(step.connection)
    else if (step.text === '[closed]') await expectClosed(name, step, await client.line())
    else {
      for (;;) {
        const line = await client.line()
        const line8 = line === undefined ? undefined : Buffer.from(line, 'latin1').toString('utf8')
        if (line !== undefined && (matchesStep(line, step.text) || matchesStep(line8 ?? '', step.text))) break
        if (line === undefined || !skipping.has(step.connection)) {
          throw new Error(`${name}:${step.line}: wanted\n  ${step.text}\ncame\n  ${line ?? '[closed]'}`)
        }
      }
      skipping.delete(step.connection)
    }
  }
}

function expectClosed(name: string, step: Step, line: string | undefined): void {
  if (line !== undefined) throw new Error(`${name}:${step.line}: wanted the end of the connection, came\n  ${line}`)
}
