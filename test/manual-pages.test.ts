/** docs/man: a page for every program, and every flag of a program in its page, and no other. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { verbs } from '../src/admin/cyradm/verbs.js'
import { optionTable } from '../src/config/options.js'

const top = resolve(fileURLToPath(new URL('../..', import.meta.url)))
const folder = join(top, 'docs/man')
const pages = readdirSync(folder)
const programs = readdirSync(join(top, 'bin'))
const pageOf = (program: string): string => pages.find((page) => page.replace(/\.[18]$/, '') === program) ?? ''
const read = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** The sources that read a program's command line. */
function argumentReader(program: string): string {
  const launcher = read(join(top, 'bin', program))
  const modules = [...launcher.matchAll(/dist\/(src\/[\w/-]+)\.js/g)].map(([, module = '']) => module)
  const own = modules.map((module) => join(top, `${module.replace(/-main$/, '')}.ts`))
  const beside = modules.flatMap((module) =>
    ['arguments.ts', 'command-line.ts'].map((name) => join(top, module, '..', name)),
  )
  const worker = ['run-service', 'worker'].map((name) => join(top, `src/services/worker/${name}.ts`))
  const frame = /imapd|pop3d|lmtpd/.test(program) ? worker : []
  return [...own, ...beside, ...frame].map(read).join('\n')
}

/** Flags that the parser accepts. */
function accepted(source: string): Set<string> {
  const specs = [...source.matchAll(/(?:letters: |getopt\(args, )'([\w:]+)'/g)].map(([, spec = '']) => spec)
  const shorts = [...source.matchAll(/short: '(\w)'|(?:indexOf|includes|name ===) ?\(?'-(\w)'/g)]
  const common = /letters: '/.test(source) ? 'C' : ''
  return new Set([
    ...specs.join('').replaceAll(':', ''),
    ...shorts.map(([, one, other]) => one ?? other ?? ''),
    ...common,
  ])
}

/** Flags that a usage text names. */
const named = (source: string): string[] =>
  [...source.matchAll(/usage[^;]*?(?:'\n|`,?\n|',)/gis)].flatMap(([text]) =>
    [...text.matchAll(/[[ |]-([A-Za-z])(?=[ \]|,])/g)].map(([, letter = '']) => letter),
  )

/** Flags that a page describes. */
const described = (page: string): Set<string> =>
  new Set(
    [...page.matchAll(/^\.It Fl (\w\b.*)$/gm)].flatMap(([, rest = '']) =>
      [...` , Fl ${rest}`.matchAll(/ , Fl (\w)(?= |$)/g)].map(([, letter = '']) => letter),
    ),
  )

describe('docs/man', () => {
  it('has a page for each program, and no page without one', () => {
    expect(programs.filter((program) => pageOf(program) === '')).to.deep.equal([])
    const others = pages.filter((page) => !programs.includes(page.replace(/\.[18]$/, '')))
    expect(others).to.deep.equal(['cyrus.conf.5', 'imapd.conf.5'])
  })

  for (const program of programs)
    it(`${program}: describes the flags that it accepts, and says nothing of others`, () => {
      const source = argumentReader(program)
      const page = described(read(join(folder, pageOf(program))))
      const flags = accepted(source)
      expect([...page].sort()).to.deep.equal([...flags].sort())
      for (const letter of named(source)) expect([...page], 'named in the usage text').to.include(letter)
    })

  it('cyradm(1) has every command under each of its names', () => {
    const page = read(join(folder, 'cyradm.1'))
    for (const { name, aliases } of verbs)
      expect(page).to.include(`.It ${[name, ...aliases].map((word) => `Cm ${word}`).join(' , ')}\n`)
  })

  it('imapd.conf(5) has every option; angarium manual imapd.conf makes it', () => {
    const page = read(join(folder, 'imapd.conf.5'))
    for (const name of Object.keys(optionTable)) expect(page).to.include(`.It Va ${name}\n`)
  })

  it('is formatted without a warning, where there is man', () => {
    const paths = pages.map((page) => join(folder, page))
    const environment = { ...process.env, LC_ALL: 'C.UTF-8' }
    const man = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z', ...paths], { env: environment })
    if (man.error === undefined) expect(man.stderr.toString()).to.equal('')
  })
})
