// Where the shell's lines come from and go to: a terminal with a person, or a file.

export interface Terminal {
  write(text: string): void
  writeError(text: string): void
  /** Undefined when there is nobody to ask. */
  password(prompt: string): Promise<string | undefined>
  /** True where there is nobody to ask. */
  confirm(question: string): Promise<boolean>
  /** A person sits there: then commands may be programs, and deletions are confirmed. */
  readonly interactive: boolean
}
