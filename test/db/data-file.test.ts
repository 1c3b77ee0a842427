import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { correctSharedCommit, openDataFile } from '../../src/db/data-file.js'
import { Environment } from '../../src/db/environment.js'
import type { TableDeclaration } from '../../src/db/table.js'

const text = { encode: (value: string) => Buffer.from(value), decode: (bytes: Buffer) => bytes.toString() }
const words: TableDeclaration<string, string> = { name: 'words', version: 1, key: text, value: text }

describe('db/data-file', () => {
  let path: string
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'angarium-db.'))
  })
  afterEach(() => rmSync(path, { recursive: true }))

  it('is born whole, and nothing else stays behind', async () => {
    const environment = new Environment({ path, durable: true })
    expect(readdirSync(path).sort()).to.deep.equal(['data.mdb', 'lock.mdb'])
    await environment.close()
  })

  it('keeps a commit that another process, opening the environment, would have undone', async () => {
    const environment = new Environment({ path, durable: true })
    const table = environment.table(words)
    for (const word of ['a', 'b', 'c']) environment.write(() => table.put(word, word))
    const file = openDataFile(path)
    // What lmdb-js does in the opening process when a commit comes between its reading and its storing of the number.
    correctSharedCommit(path, file.newestCommit() - 1)
    environment.read(() => expect([...table.keys()]).to.deep.equal(['a', 'b']))
    environment.write(() => table.put('d', 'd'))
    environment.read(() => expect([...table.keys()]).to.deep.equal(['a', 'b', 'c', 'd']))
    for (const word of ['e', 'f', 'g']) environment.write(() => table.remove(word) || table.put(word, word))
    environment.read(() => expect([...table.keys()].join('')).to.equal('abcdefg'))
    file.close()
    await environment.close()
  })

  for (const [what, damage] of [
    ['no octets', () => Buffer.alloc(0)],
    ['zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
    ['a first page of zeros', (bytes: Buffer) => Buffer.from(bytes).fill(0, 0, 4096)],
    ['a second page of zeros', (bytes: Buffer) => Buffer.from(bytes).fill(0, 4096, 8192)],
    ['something else', () => Buffer.from('not LMDB\n'.repeat(2000))],
  ] as const) {
    it(`is refused in words, not by the death of the process, when it holds ${what}`, async () => {
      await new Environment({ path, durable: true }).close()
      const file = join(path, 'data.mdb')
      writeFileSync(file, damage(readFileSync(file)))
      expect(() => new Environment({ path, durable: true })).to.throw('data.mdb is damaged')
    })
  }
})
