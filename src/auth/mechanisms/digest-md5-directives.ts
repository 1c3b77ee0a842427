/** The directives of DIGEST-MD5: `name=value` or `name="quoted value"`, divided by commas. RFC 2831 §7.1 */

/** Names in lower case; each name's values in order. Undefined when the text is malformed. */
export function readDirectives(text: string): Map<string, string[]> | undefined {
  const found = new Map<string, string[]>()
  let at = 0
  while (at < text.length) {
    const separator = /[\s,]*/y
    separator.lastIndex = at
    separator.exec(text)
    at = separator.lastIndex
    if (at >= text.length) break
    const directive = /([A-Za-z0-9-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?=,|$)/sy
    directive.lastIndex = at
    const match = directive.exec(text)
    if (!match) return undefined
    const name = (match[1] ?? '').toLowerCase()
    const value = match[3] ?? (match[2] ?? '').replace(/\\(.)/gs, '$1')
    found.set(name, [...(found.get(name) ?? []), value])
    at = directive.lastIndex
  }
  return found
}

/** quoted-string: `"` and `\` escaped. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
