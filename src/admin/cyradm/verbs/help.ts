// help: the verbs, or how one is used.
import type { Verb } from '../verb.js'
import { verb } from '../verb.js'

const WIDTH = 34

/** The table of verbs holds help, so help is given the table. */
export const helpOn = (verbs: () => readonly Verb[]): Verb =>
  verb({
    name: 'help',
    aliases: ['?'],
    usage: '[command]',
    summary: 'show commands',
    takes: [0, Number.POSITIVE_INFINITY],
    completes: ['verb'],
    async run(shell, { words }) {
      if (words.length === 0)
        for (const { name, aliases, summary } of verbs())
          shell.print(`${[name, ...aliases].join(', ').padEnd(WIDTH - 2)}  ${summary}`)
      for (const word of words) {
        const found = verbs().find(({ name, aliases }) => name === word || aliases.includes(word))
        if (!found) shell.complain(`unknown command: ${word}`)
        else for (const line of explained(found, word)) shell.print(line)
      }
    },
  })

function explained({ name, usage, summary }: Verb, word: string): string[] {
  return [`${word === name ? '' : `${word}, alias for `}${name} ${usage.split('\n')[0] ?? ''}`, `\t${summary}`]
}
