/** What is wrong with a configuration: all of it, with file and line, collected before anybody complains. */

export interface ConfigProblem {
  /** An error stops the server with exit status 78; a notice is logged once at start. */
  readonly level: 'error' | 'notice'
  readonly file: string
  /** 0 when the file as a whole is meant. */
  readonly line: number
  readonly text: string
}

export const isError = (problem: ConfigProblem): boolean => problem.level === 'error'

/** `imapd.conf:12: text`, or without the line where there is none. */
export function problemLine({ file, line, text }: ConfigProblem): string {
  return line > 0 ? `${file}:${line}: ${text}` : `${file}: ${text}`
}

/** sysexits.h: something was found in an unconfigured or misconfigured state. */
export const EX_CONFIG = 78

/** Thrown by those who need a configuration that works. Its message names all the errors, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly exitCode = EX_CONFIG
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.filter(isError).map(problemLine).join('\n'))
    this.problems = problems
  }
}
