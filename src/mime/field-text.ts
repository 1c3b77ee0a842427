/** The value of a header field as text: bytes as latin1, folds taken out. */
import { type FieldPositions, fieldRange, type KnownField } from './known-fields.js'

/** Without the white space before it and the line ends inside it; everything else stands as it came. RFC 5322 §2.2.3 */
export function unfold(view: Buffer, start: number, end: number): string {
  let from = start
  while (from < end && (view[from] === 0x20 || view[from] === 0x09)) from++
  const text = view.toString('latin1', from, end)
  return text.includes('\n') ? text.replace(/\r?\n/g, '') : text
}

/** The unfolded value of a known field; undefined if the field is missing. */
export function fieldText(view: Buffer, fields: FieldPositions, name: KnownField): string | undefined {
  const range = fieldRange(fields, name)
  return range && unfold(view, range.start, range.end)
}
