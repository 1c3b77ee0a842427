/** listen= of a service. */
import { expect } from 'chai'
import { addressesOf, portOf, splitListen } from '../../src/master/listen-address.js'

const services = 'imap2\t143/tcp imap # mail\nfoo 99/udp\n'

describe('master/listen-address', () => {
  const splits: [text: string, host: string | undefined, port: string][] = [
    ['imap', undefined, 'imap'],
    ['143', undefined, '143'],
    ['127.0.0.1:143', '127.0.0.1', '143'],
    ['localhost:pop-3', 'localhost', 'pop-3'],
    ['[::1]:imaps', '::1', 'imaps'],
    ['*:143', undefined, '143'],
  ]
  for (const [text, host, port] of splits)
    it(`${text} is ${host} and ${port}`, () => expect(splitListen(text)).to.deep.equal({ host, port }))

  it('knows ports by number, by /etc/services and by heart', () => {
    expect(['993', 'imap', 'imap2', 'sieve', 'foo', '70000'].map((port) => portOf(port, services))).to.deep.equal([
      993,
      143,
      143,
      4190,
      undefined,
      undefined,
    ])
  })

  it('means every address of both families when no host is given', async () => {
    expect(await addressesOf('imap', 'tcp', services)).to.deep.equal([
      { kind: 'tcp', host: '0.0.0.0', port: 143, ipv6: false },
      { kind: 'tcp', host: '::', port: 143, ipv6: true },
    ])
    expect((await addressesOf('imap', 'tcp6', services)).length).to.equal(1)
  })

  it('takes addresses and paths as they are', async () => {
    expect(await addressesOf('[::1]:143', 'tcp', services)).to.deep.equal([
      { kind: 'tcp', host: '::1', port: 143, ipv6: true },
    ])
    expect(await addressesOf('/run/lmtp', 'tcp', services)).to.deep.equal([{ kind: 'unix', path: '/run/lmtp' }])
  })

  const wrong: [listen: string, pattern: RegExp][] = [
    ['nobody', /nobody knows the port nobody/],
    ['a:b:c', /listen= must be/],
    [`/${'x'.repeat(200)}`, /longer than 107/],
  ]
  for (const [listen, pattern] of wrong)
    it(`refuses ${listen.slice(0, 20)}`, async () => {
      const error = await addressesOf(listen, 'tcp', services).catch((thrown: unknown) => thrown)
      expect(String(error)).to.match(pattern)
    })
})
