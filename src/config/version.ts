/** Which release this is. */
import { readFileSync } from 'node:fs'

/** From package.json, beside dist/. */
export function angariumVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(text) as { version: string }
  return version
}

/** The release of Cyrus whose behaviour scripts may expect. */
export const cyrusVersion = '3.6.1'

/** What `master -V` and `cyr_info version` print: scripts compare the number. */
export const versionLine = (): string => `cyrus-imapd ${cyrusVersion}-angarium-${angariumVersion()}`
