// The hub's frames: what is written reads back, in slices of any size; what is no frame is refused.
import { expect } from 'chai'
import fc from 'fast-check'
import { BadHubFrame, type HubFrame, HubFrameReader, writeHubFrame } from '../../src/net/hub-frame.js'

const key = fc.string({ maxLength: 60 })
const frame: fc.Arbitrary<HubFrame> = fc.oneof(
  fc.record({ kind: fc.constant('announce' as const), key, modSeq: fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }) }),
  fc.record({ kind: fc.constantFrom('hello', 'subscribe', 'unsubscribe', 'subscribed', 'lost'), key }),
)

describe('net/hub-frame', () => {
  it('reads back what was written, whole and octet by octet', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        const bytes = Buffer.concat(frames.map(writeHubFrame))
        expect(new HubFrameReader().read(bytes)).to.deep.equal(frames)
        const reader = new HubFrameReader()
        expect([...bytes].flatMap((octet) => reader.read(Buffer.from([octet])))).to.deep.equal(frames)
      }),
    )
  })

  it('throws nothing but BadHubFrame', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        try {
          new HubFrameReader().read(Buffer.from(bytes))
        } catch (error) {
          expect(error).to.be.instanceOf(BadHubFrame)
        }
      }),
    )
  })

  it('refuses a key that no frame can carry', () => {
    expect(() => writeHubFrame({ kind: 'subscribe', key: 'k'.repeat(256) })).to.throw(RangeError)
  })
})
