/** Comparison of secrets that takes the same time wherever they differ. */
import { createHash, timingSafeEqual } from 'node:crypto'

/** Lengths may differ, and are not told apart by time either. */
export function sameBytes(left: Buffer, right: Buffer): boolean {
  const digest = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest()
  return timingSafeEqual(digest(left), digest(right)) && left.length === right.length
}
