/** Renaming a message file, also when somebody else has given it the new name already. */
import { lstatSync, renameSync, unlinkSync } from 'node:fs'

/**
 * The file at `from` is at `to` afterwards, and only there. Where both are names of one file, a rename does nothing (POSIX):
 * two processes that settle the same message would leave both. @throws Error ENOENT when there is no file at `from`
 */
export function renameFile(from: string, to: string): void {
  renameSync(from, to)
  const left = lstatSync(from, { throwIfNoEntry: false })
  if (left && left.ino === lstatSync(to, { throwIfNoEntry: false })?.ino) unlinkSync(from)
}
