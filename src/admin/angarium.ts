/** angarium NAME …: every program under one name, for package managers that should not put `quota` on the PATH. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { angariumVersion } from '../config/version.js'

/** Of the package: the launchers, and commands that have no name of Cyrus's. */
export interface Folders {
  readonly bin: string
  readonly own: string
}

export function packageFolders(): Folders {
  const source = fileURLToPath(new URL('..', import.meta.url))
  return { bin: join(source, '../../bin'), own: join(source, 'admin/angarium-commands') }
}

function can(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** The programs there are, without this one. */
export function programs({ bin, own }: Folders): string[] {
  const commands = list(own).flatMap((name) => (name.endsWith('.js') ? [name.slice(0, -3)] : []))
  return [...new Set([...list(bin).filter((name) => name !== 'angarium'), ...commands])].sort()
}

/** What to run for a name, or undefined for a name nobody knows. */
export function commandFor(name: string, { bin, own }: Folders): readonly string[] | undefined {
  if (!/^[\w-]+$/.test(name) || name === 'angarium') return undefined
  const [launcher, command] = [join(bin, name), join(own, `${name}.js`)]
  if (can(launcher, constants.X_OK)) return [launcher]
  return can(command, constants.R_OK) ? [process.execPath, '--enable-source-maps', command] : undefined
}

/** The exit status. */
export function angarium(args: readonly string[], folders = packageFolders()): number {
  const [name = '', ...rest] = args
  if (name === '-V' || name === '--version' || name === 'version') {
    console.log(`angarium ${angariumVersion()}`)
    return 0
  }
  const [program, ...first] = commandFor(name, folders) ?? []
  if (program === undefined) {
    const help = name === '' || name === 'help' || name === '--help'
    const say = help ? console.log : console.error
    if (!help) say(`angarium: there is no program ${name}`)
    say(`usage: angarium NAME [arguments]\n\n  ${programs(folders).join('\n  ')}`)
    return help ? 0 : 64
  }
  const environment = { UV_THREADPOOL_SIZE: '16', ...process.env }
  const { status, error } = spawnSync(program, [...first, ...rest], { stdio: 'inherit', env: environment })
  if (error) console.error(`angarium: ${program}: ${error.message}`)
  return status ?? 70
}
