import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { renameFile } from '../../../src/store/spool/rename.js'

describe('store/spool/rename', () => {
  let directory: string
  const path = (name: string): string => join(directory, name)
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-rename.'))
    writeFileSync(path('7.'), 'seven')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('leaves one name, whoever was faster', () => {
    for (const prepare of [
      () => undefined,
      () => writeFileSync(path('7.expunged'), 'other'),
      () => linkSync(path('7.'), path('7.expunged')),
    ]) {
      writeFileSync(path('7.'), 'seven')
      prepare()
      renameFile(path('7.'), path('7.expunged'))
      expect(existsSync(path('7.'))).to.equal(false)
      expect(readFileSync(path('7.expunged'), 'utf8')).to.equal('seven')
      rmSync(path('7.expunged'))
    }
  })

  it('throws ENOENT when there is nothing to rename', () => {
    expect(() => renameFile(path('8.'), path('8.expunged'))).to.throw('ENOENT')
  })
})
