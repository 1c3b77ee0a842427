/** User names: canonical forms under every rule, and names that can be nobody's. */
import { expect } from 'chai'
import fc from 'fast-check'
import { account, type NameRules } from '../../src/auth/account.js'

const rules: NameRules = {
  toLower: true,
  virtdomains: 'off',
  defaultDomain: 'example.com',
  realm: 'mail.example.com',
  loginRealms: ['partner.org'],
}
const id = (raw: string, more: Partial<NameRules> = {}): string | undefined => account(raw, { ...rules, ...more })?.id

describe('auth account', () => {
  it('makes names canonical', () => {
    const domains = { virtdomains: 'userid' } as const
    const cases: [string | undefined, string | undefined][] = [
      [id('Paul'), 'paul'],
      [id('Paul', { toLower: false }), 'Paul'],
      [id('paul@mail.example.com'), 'paul'],
      [id('paul@Example.COM'), 'paul'],
      [id('paul@partner.org'), 'paul@partner.org'],
      [id('paul@stranger.org'), undefined],
      [id('paul@stranger.org', domains), 'paul@stranger.org'],
      [id('Paul@Stranger.ORG', domains), 'paul@stranger.org'],
      [id('paul@example.com', domains), 'paul'],
      [id('john.doe+x'), 'john.doe+x'],
      [id('münch'), 'münch'],
    ]
    for (const [got, wanted] of cases) expect(got).to.equal(wanted)
  })

  it('says in which realms to look', () => {
    expect(account('paul', rules)?.realms).to.deep.equal(['mail.example.com', 'example.com'])
    expect(account('paul@example.com', rules)?.realms).to.deep.equal(['example.com', 'mail.example.com'])
    expect(account('paul@x.org', { ...rules, virtdomains: 'on' })?.realms).to.deep.equal(['x.org'])
  })

  it('refuses what can be nobody', () => {
    const wrong = [
      '',
      '@',
      '@x',
      'a@',
      'a@b@partner.org',
      '../x',
      '..',
      'a/b',
      'a\\b',
      'a\0b',
      'a\nb',
      '-paul',
      '.paul',
    ]
    wrong.push('anyone', 'Anonymous', 'group:staff', 'a*', 'a%', 'a!b', '"a"', 'x'.repeat(256), 'x'.repeat(65_536))
    for (const raw of wrong)
      expect(id(raw, { virtdomains: 'on' }), JSON.stringify(raw.slice(0, 40))).to.equal(undefined)
  })

  it('is stable: a canonical name is its own canonical name', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.constantFrom('off', 'userid', 'on' as const), (raw, virtdomains) => {
        const first = id(raw, { virtdomains })
        if (first !== undefined && !first.endsWith('@partner.org')) expect(id(first, { virtdomains })).to.equal(first)
      }),
    )
  })
})
