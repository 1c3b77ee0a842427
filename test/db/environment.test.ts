import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Environment } from '../../src/db/environment.js'
import type { TableDeclaration } from '../../src/db/table.js'

const words: TableDeclaration<string, string> = {
  name: 'words',
  version: 1,
  key: { encode: (text) => Buffer.from(text), decode: (bytes) => bytes.toString() },
  value: { encode: (text) => Buffer.from(text), decode: (bytes) => bytes.toString() },
}

describe('db/environment', () => {
  let directory: string
  let environment: Environment

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-db.'))
    environment = new Environment({ path: join(directory, 'example.com'), durable: true })
  })
  afterEach(async () => {
    await environment.close()
    rmSync(directory, { recursive: true })
  })

  it('reads what was written, in key order', () => {
    const table = environment.table(words)
    environment.write(() => {
      for (const word of ['b', 'a', 'd', 'c']) table.put(word, word.toUpperCase())
    })
    environment.read(() => {
      expect(table.get('b')).to.equal('B')
      expect(table.get('x')).to.equal(undefined)
      expect([...table.range({ start: 'b', end: 'd' })]).to.deep.equal([
        { key: 'b', value: 'B' },
        { key: 'c', value: 'C' },
      ])
      expect([...table.keys({ start: 'c', reverse: true })]).to.deep.equal(['c', 'b', 'a'])
      expect(table.first({ start: 'cc', reverse: true })?.key).to.equal('c')
      expect(table.count()).to.equal(4)
    })
  })

  it('undoes a transaction whose closure throws', () => {
    const table = environment.table(words)
    environment.write(() => table.put('kept', '1'))
    expect(() =>
      environment.write(() => {
        table.put('lost', '1')
        table.remove('kept')
        throw new Error('no')
      }),
    ).to.throw('no')
    environment.read(() => expect([...table.keys()]).to.deep.equal(['kept']))
  })

  it('sees its own writes inside the transaction, and returns its value', () => {
    const table = environment.table(words)
    const seen = environment.write(() => {
      table.put('a', '1')
      return table.get('a')
    })
    expect(seen).to.equal('1')
  })
})
