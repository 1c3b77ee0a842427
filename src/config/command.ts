/** The words of a `cmd=`: white space divides, quotes keep together, no shell. */

export function commandWords(text: string): string[] {
  const words: string[] = []
  for (const match of text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g))
    words.push(
      match[0].replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
    )
  return words
}
