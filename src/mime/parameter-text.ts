/** The value of a parameter as people read it: a file name, say. RFC 2231 §4 */
import { decodeCharset } from './charset.js'
import { decodeText } from './encoded-word.js'
import type { Parameter } from './parameters.js'

/**
 * The decoded value of the parameter `name` (upper case), in its extended form `NAME*` if there is one. Encoded words,
 * which RFC 2047 §5 forbids here and many programs write, are decoded too.
 */
export function parameterText(parameters: readonly Parameter[], name: string): string | undefined {
  const extended = parameters.find((each) => each.name === `${name}*`)
  if (extended) return extendedText(extended.value)
  const simple = parameters.find((each) => each.name === name)
  return simple && decodeText(simple.value)
}

function extendedText(value: string): string {
  const [, charset = '', text = value] = /^([^']*)'[^']*'(.*)$/s.exec(value) ?? []
  const octets = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return decodeCharset(Buffer.from(octets, 'latin1'), charset)
}
