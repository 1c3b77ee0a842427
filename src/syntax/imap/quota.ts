// setquota_list and quota_list.

import { Bad } from './bad.js'
import { readListOf } from './list-of.js'
import type { Reader } from './reader.js'
import { readAstring, writeAstring } from './string.js'

export interface QuotaLimit {
  /** Upper case. */
  readonly resource: string
  readonly limit: number
}

/** SP astring SP "(" [setquota_resource *(SP setquota_resource)] ")"; the cursor stands after "SETQUOTA". RFC 9208 §4.1.3 */
export function readSetQuota(input: Reader): { readonly root: Buffer; readonly limits: readonly QuotaLimit[] } {
  input.space()
  const root = readAstring(input)
  input.space()
  input.expect('(')
  const limits: QuotaLimit[] = []
  while (!input.accept(')')) {
    if (limits.length > 0) input.space()
    const resource = input.atom('a quota resource').toUpperCase()
    input.space()
    limits.push({ resource, limit: input.number(Number.MAX_SAFE_INTEGER) })
    if (limits.length > 100) throw new Bad('Too many quota resources')
  }
  return { root, limits }
}

export interface QuotaUsage {
  readonly resource: string
  readonly usage: number
  readonly limit: number
}

/** quota_response without CRLF; `root` is a wire string. */
export function writeQuota(root: string, usages: readonly QuotaUsage[]): string {
  const list = usages.map(({ resource, usage, limit }) => `${resource} ${usage} ${limit}`).join(' ')
  return `* QUOTA ${writeAstring(root)} (${list})`
}

/** "QUOTA" SP astring SP quota_list, the cursor after "QUOTA": for clients. */
export function readQuota(input: Reader): { readonly root: Buffer; readonly usages: readonly QuotaUsage[] } {
  input.space()
  const root = readAstring(input)
  input.space()
  const usages = readTriples(input)
  return { root, usages }
}

function readTriples(input: Reader): QuotaUsage[] {
  return readListOf(input, (each) => {
    const resource = each.atom('a quota resource')
    each.space()
    const usage = each.number(Number.MAX_SAFE_INTEGER)
    each.space()
    return { resource, usage, limit: each.number(Number.MAX_SAFE_INTEGER) }
  })
}
