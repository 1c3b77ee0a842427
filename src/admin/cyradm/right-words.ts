// The words that stand for rights in setaclmailbox. RFC 4314 §2.1

const words: Readonly<Record<string, string>> = {
  none: '',
  read: 'lrs',
  post: 'lrsp',
  append: 'lrsip',
  write: 'lrswipkxte',
  delete: 'lrxte',
  all: 'lrswipkxtea',
}

/** For completion. */
export const rightWords: readonly string[] = Object.keys(words)

/** Letters, also of `+write` and `-delete`; what is no word is returned as it is. */
export function rightsOf(typed: string): string {
  const sign = /^[+-]/.exec(typed)?.[0] ?? ''
  const word = typed.slice(sign.length)
  return sign + (Object.hasOwn(words, word) ? (words[word] ?? '') : word)
}
