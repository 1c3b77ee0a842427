// Arbitrary valid internal names, for property tests.
import fc from 'fast-check'
import { type InternalName, readInternalName } from '../../src/store/mailbox-name.js'

const oddComponents = [
  'Sent',
  'INBOX',
  'Inbox',
  'user',
  'paul',
  'DELETED',
  'a^b',
  'Other Users',
  'Shared Folders',
  '&AOk-',
  'x@y',
  '~',
]
const component = fc.oneof(
  fc.constantFrom(...oddComponents),
  fc.stringMatching(/^[ #$'()*+,0-9:=?@A-Z^_a-z[\]~-]{1,8}$/),
)

export const names = fc
  .tuple(
    fc.constantFrom('', '', 'example.com!', 'a-b.org!', 'def.org!'),
    fc.constantFrom([], ['user', 'paul'], ['user', 'john^doe'], ['user']),
    fc.array(component, { maxLength: 4 }),
  )
  .map(([domain, head, rest]) => readInternalName(domain + [...head, ...rest].join('.')))
  .filter((name): name is InternalName => name !== undefined)

/** The name, which must be one. */
export function name(text: string): InternalName {
  const read = readInternalName(text)
  if (read === undefined) throw new Error(`not a mailbox name: ${text}`)
  return read
}
