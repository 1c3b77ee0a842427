/** The import rule: each folder of src/ imports only from folders after it, and no file is part of a cycle. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const src = join(root, 'src')

const order = [
  'master',
  'admin',
  'services',
  'delivery',
  'client',
  'store',
  'auth',
  'sieve',
  'mime',
  'syntax',
  'net',
  'db',
  'log',
  'config',
]
/** No I/O: these import only each other, in order, and packages that only compute. */
const pure = ['sieve', 'mime', 'syntax']
const computing = /^(node:(buffer|crypto|util|string_decoder)|iconv-lite|@mongodb-js\/saslprep)$/
/** The programs: none imports another, nor does one service another (services/worker is what all share). */
const programs = ['master', 'admin', 'services']

const files = (readdirSync(src, { recursive: true }) as string[]).filter((path) => path.endsWith('.ts')).sort()
const importLine =
  /^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

interface Arrow {
  from: string
  to: string
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(src, path), 'utf8')
  return [...text.matchAll(importLine)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

const arrows: Arrow[] = files.flatMap((from) =>
  importsOf(from)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => ({
      from,
      to: relative(src, resolve(src, dirname(from), specifier)).replace(/\.js$/, '.ts'),
    })),
)

const folder = (path: string): string => path.split('/')[0] ?? ''
const service = (path: string): string => path.split('/')[1] ?? ''

function complaint({ from, to }: Arrow): string | undefined {
  const [upper, lower] = [folder(from), folder(to)]
  if (!files.includes(to)) return 'imports what does not exist'
  if (!order.includes(upper) || !order.includes(lower)) return 'is in a folder without a place in the order'
  if (upper !== lower && programs.includes(upper) && programs.includes(lower)) return 'imports another program'
  if (order.indexOf(lower) < order.indexOf(upper)) return 'points up'
  if (upper === 'services' && lower === 'services' && service(to) !== 'worker' && service(from) !== service(to))
    return 'imports another service'
  if (pure.includes(upper) && !pure.includes(lower)) return 'is pure and imports what is not'
  return undefined
}

function cycles(): string[] {
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      found.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    state.set(path, 'open')
    for (const { to } of arrows.filter((arrow) => arrow.from === path)) visit(to, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of files) visit(path, [])
  return found
}

describe('architecture', () => {
  it('imports point down the order of folders', () => {
    const wrong = arrows.flatMap((arrow) => {
      const why = complaint(arrow)
      return why ? [`src/${arrow.from} → src/${arrow.to}: ${why}`] : []
    })
    expect(wrong).to.deep.equal([])
  })

  it('there are no cycles, also not of types', () => {
    expect(cycles()).to.deep.equal([])
  })

  it('pure folders import no package that does I/O', () => {
    const wrong = files
      .filter((path) => pure.includes(folder(path)))
      .flatMap((path) => importsOf(path).map((specifier) => ({ path, specifier })))
      .filter(({ specifier }) => !specifier.startsWith('.') && !computing.test(specifier))
      .map(({ path, specifier }) => `src/${path} imports ${specifier}`)
    expect(wrong).to.deep.equal([])
  })

  it('only db/ speaks to LMDB', () => {
    const wrong = files.filter((path) => importsOf(path).includes('lmdb') && folder(path) !== 'db')
    expect(wrong).to.deep.equal([])
  })
})
