// A line of the shell as commands: words, quotes, `;`, comments, and where output goes. Pure.

export interface CommandLine {
  readonly words: readonly string[]
  readonly output: Redirection | undefined
  readonly errors: Redirection | undefined
}

export interface Redirection {
  readonly path: string
  readonly append: boolean
}

/** The line cannot be read. */
export class BadLine extends Error {}

type Token = { readonly kind: 'word'; readonly text: string } | { readonly kind: 'sign'; readonly text: string }

/** Throws BadLine. An empty line, and one that is a comment, is no command. */
export function readLine(line: string): CommandLine[] {
  const commands: CommandLine[] = []
  let words: string[] = []
  let output: Redirection | undefined
  let errors: Redirection | undefined
  const finish = (): void => {
    if (words.length > 0) commands.push({ words, output, errors })
    words = []
    output = undefined
    errors = undefined
  }
  const tokens = tokensOf(line)
  for (let token = tokens.shift(); token; token = tokens.shift()) {
    if (token.kind === 'word') words.push(token.text)
    else if (token.text === ';') finish()
    else {
      const target = tokens.shift()
      if (target?.kind !== 'word') throw new BadLine(`no file after ${token.text}`)
      const redirection = { path: target.text, append: token.text.endsWith('>>') }
      if (token.text.startsWith('2')) errors = redirection
      else output = redirection
    }
  }
  finish()
  return commands
}

const signs = /^(?:;|2?>>?)/

function tokensOf(line: string): Token[] {
  const tokens: Token[] = []
  let rest = line.trimStart()
  while (rest !== '' && !rest.startsWith('#')) {
    const sign = signs.exec(rest)?.[0]
    if (sign) {
      tokens.push({ kind: 'sign', text: sign })
      rest = rest.slice(sign.length).trimStart()
    } else {
      const { text, length } = readWord(rest)
      tokens.push({ kind: 'word', text })
      rest = rest.slice(length).trimStart()
    }
  }
  return tokens
}

/**
 * A word ends at white space, `;` and `>`. In double quotes and outside a backslash takes the next character as it is, a
 * backslash before a letter excepted outside quotes: `\Seen` is what it looks like.
 */
function readWord(line: string): { text: string; length: number } {
  let text = ''
  let quote = ''
  let at = 0
  for (; at < line.length; at++) {
    const char = line.charAt(at)
    const next = line.charAt(at + 1)
    if (char === '\\' && quote !== "'" && next !== '' && !(quote === '' && /[A-Za-z]/.test(next))) {
      text += next
      at++
    } else if (quote !== '') {
      if (char === quote) quote = ''
      else text += char
    } else if (char === '"' || char === "'") quote = char
    else if (/[\s;>]/.test(char)) break
    else text += char
  }
  if (quote !== '') throw new BadLine(`no closing ${quote}`)
  return { text, length: at }
}
