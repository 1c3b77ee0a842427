// A password typed at a terminal: nothing is shown, as everywhere where passwords are typed.

const END = /[\r\n\x04]/
const INTERRUPT = '\x03'

/** Undefined after ^C, and at the end of input before anything was typed. What was typed after the line stays to be read. */
export async function askSecret(prompt: string): Promise<string | undefined> {
  const { stdin, stdout } = process
  stdout.write(`${prompt} `)
  stdin.setRawMode(true)
  let typed = ''
  let ended = false
  try {
    for await (const text of keys()) {
      const end = text.search(END)
      const before = end < 0 ? text : text.slice(0, end)
      if (before.includes(INTERRUPT)) return undefined
      typed = edited(typed + before)
      if (end < 0) continue
      ended = true
      const rest = text.slice(end + 1)
      if (rest !== '') stdin.unshift(Buffer.from(rest))
      return text[end] === '\x04' && typed === '' ? undefined : typed
    }
    return ended ? typed : undefined
  } finally {
    stdin.setRawMode(false)
    stdout.write('\n')
  }
}

/** What comes from the keyboard, in slices; leaving the loop leaves the terminal open. */
async function* keys(): AsyncGenerator<string> {
  const { stdin } = process
  for (;;) {
    const bytes: Buffer | undefined = await new Promise((resolve) => {
      const data = (slice: Buffer): void => {
        stdin.pause()
        stdin.off('end', end)
        resolve(slice)
      }
      const end = (): void => {
        stdin.off('data', data)
        resolve(undefined)
      }
      stdin.once('data', data).once('end', end)
      stdin.resume()
    })
    if (!bytes) return
    yield bytes.toString()
  }
}

/** Backspace takes a character away, ^U all of them. */
function edited(typed: string): string {
  let text = ''
  for (const char of typed.replace(/^.*\x15/s, ''))
    text = char === '\x7f' || char === '\b' ? text.slice(0, -1) : text + char
  return text
}
