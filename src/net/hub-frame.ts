// The frames between a worker and the change hub (idled): written and read here, for both sides.

/**
 * A frame is its kind (1 octet), the length of its key (1 octet), for `announce` the modseq (8 octets, most significant
 * first), and the key in UTF-8. A key names what changed, as the store says it; the hub only compares keys.
 *
 * - worker → hub: `hello` first (its key is the protocol's version), then `announce`, `subscribe`, `unsubscribe`,
 *   and `lost`: this worker may have failed to announce something.
 * - hub → worker: `announce`; `subscribed`: from here on announcements of this key arrive, look once for what came
 *   before; `lost`: some announcements did not reach you, look at everything that you subscribed to.
 */
export type HubFrame =
  | { readonly kind: 'announce'; readonly key: string; readonly modSeq: bigint }
  | { readonly kind: 'hello' | 'subscribe' | 'unsubscribe' | 'subscribed' | 'lost'; readonly key: string }

/** Spoken by this release; the hub hangs up on a worker that speaks another, which then polls. */
export const HUB_VERSION = '1'

/** The longest key, in octets of UTF-8. */
export const MAX_KEY_OCTETS = 255

const kinds = ['hello', 'announce', 'subscribe', 'unsubscribe', 'subscribed', 'lost'] as const
type Kind = (typeof kinds)[number]
const codeOf = new Map<Kind, number>(kinds.map((kind, index) => [kind, index + 1]))
const ANNOUNCE = codeOf.get('announce')
const NOTHING = Buffer.alloc(0)

/** What arrived is not this protocol. */
export class BadHubFrame extends Error {}

/** Throws `RangeError` when the key is longer than a frame can say, or the modseq does not fit 64 bits. */
export function writeHubFrame(frame: HubFrame): Buffer {
  const keyLength = Buffer.byteLength(frame.key)
  if (keyLength > MAX_KEY_OCTETS) throw new RangeError(`hub key of ${keyLength} octets`)
  const head = frame.kind === 'announce' ? 10 : 2
  const bytes = Buffer.allocUnsafe(head + keyLength)
  bytes[0] = codeOf.get(frame.kind) ?? 0
  bytes[1] = keyLength
  if (frame.kind === 'announce') bytes.writeBigUInt64BE(frame.modSeq, 2)
  bytes.write(frame.key, head)
  return bytes
}

/** Cuts a stream, arriving in slices of any size, into frames. Keeps less than one frame between slices. */
export class HubFrameReader {
  #rest: Buffer = NOTHING

  /** The frames that end in this slice. Throws `BadHubFrame`; then the stream is of no further use. */
  read(slice: Buffer): HubFrame[] {
    const frames: HubFrame[] = []
    const bytes = this.#rest.length === 0 ? slice : Buffer.concat([this.#rest, slice])
    let at = 0
    while (at + 2 <= bytes.length) {
      const code = bytes[at] ?? 0
      const head = code === ANNOUNCE ? 10 : 2
      const end = at + head + (bytes[at + 1] ?? 0)
      const kind = kinds[code - 1]
      if (kind === undefined) throw new BadHubFrame(`no frame has the kind ${code}`)
      if (end > bytes.length) break
      const key = bytes.toString('utf8', at + head, end)
      if (kind === 'announce') frames.push({ kind, key, modSeq: bytes.readBigUInt64BE(at + 2) })
      else frames.push({ kind, key })
      at = end
    }
    this.#rest = at === bytes.length ? NOTHING : Buffer.from(bytes.subarray(at))
    return frames
  }
}
