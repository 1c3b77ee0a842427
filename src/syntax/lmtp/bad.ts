// What an LMTP client did wrong: the only thing a reader throws.

/** Answered as it says. `text` is plain ASCII; `enhanced` as RFC 3463 has it. */
export class Bad extends Error {
  override readonly name = 'Bad'
  readonly code: number
  readonly enhanced: string

  constructor(code: number, enhanced: string, text: string) {
    super(text)
    this.code = code
    this.enhanced = enhanced
  }
}

export const syntaxError = () => new Bad(500, '5.5.2', 'Syntax error')
export const badParameters = (text = 'Syntax error in parameters') => new Bad(501, '5.5.4', text)
