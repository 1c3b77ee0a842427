// LIST patterns: "*" matches anything, "%" anything but the separator. RFC 9051 §6.3.9

/** Longest pattern that is looked at, characters. */
export const maxPatternLength = 1000

/**
 * Whether the external name matches the pattern. INBOX at the pattern's head matches in any case. RFC 9051 §5.1
 * Time is at most the product of both lengths, whatever the pattern.
 */
export function matchesPattern(name: string, { pattern, separator }: { pattern: string; separator: string }): boolean {
  const wanted = pattern.replace(/^inbox(?![^*%./])/i, 'INBOX')
  let [n, p] = [0, 0]
  // Only the last "*" and the last "%" after it can need another try: an earlier one has matched as little as it can.
  let star: { n: number; p: number } | undefined
  let percent: { n: number; p: number } | undefined
  for (;;) {
    const c = wanted[p]
    if (c === '*') {
      star = { n, p: ++p }
      percent = undefined
    } else if (c === '%') {
      percent = { n, p: ++p }
    } else if (n < name.length && c === name[n]) {
      n++
      p++
    } else if (n === name.length && c === undefined) {
      return true
    } else if (percent !== undefined && percent.n < name.length && name[percent.n] !== separator) {
      n = ++percent.n
      p = percent.p
    } else if (star !== undefined && star.n < name.length) {
      n = ++star.n
      p = star.p
      percent = undefined
    } else {
      return false
    }
  }
}

/** What every match begins with: for a look at one range of the mailbox list instead of all of it. */
export function literalPrefix(pattern: string): string {
  const end = pattern.search(/[*%]/)
  return end < 0 ? pattern : pattern.slice(0, end)
}
