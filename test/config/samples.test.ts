/** The samples in conf/ are without mistakes. */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { readCyrusConf } from '../../src/config/cyrus-conf.js'
import { unknownLines } from '../../src/config/describe.js'
import { readImapdConf } from '../../src/config/imapd-conf.js'

const folder = resolve(fileURLToPath(new URL('../../../conf', import.meta.url)))

describe('conf/', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('-imapd.conf')))
    it(`${name} and its cyrus.conf say nothing that is not understood`, () => {
      const { problems, settings, values } = readImapdConf(join(folder, name))
      const cyrus = readCyrusConf(join(folder, name.replace('-imapd', '-cyrus')))
      expect([...problems, ...cyrus.problems]).to.deep.equal([])
      const services = cyrus.services.map((service) => service.name)
      expect(unknownLines(settings, services)).to.deep.equal([])
      expect([values.altnamespace, values.unixhierarchysep]).to.deep.equal([false, false])
    })
})
