/** chk_cyrus: files that should be there and are not, on stdout, for a backup program to bring back. chk_cyrus(8) */
import { lastOf } from '../config/getopt.js'
import { readInternalName } from '../store/mailbox-name.js'
import { checkSpool, describeFinding } from '../store/repair/check-spool.js'
import { recount } from '../store/repair/recount.js'
import { EX_USAGE, type StoreTool } from './store-tool.js'

export const chkCyrusTool: StoreTool = {
  name: 'chk_cyrus',
  letters: 'P:M:',
  usage: 'chk_cyrus [-C <altconfig>] [-P partition | -M mailbox]',
  run(run) {
    const [partition, mailbox] = [lastOf(run.flags, 'P'), lastOf(run.flags, 'M')]
    if ((partition !== undefined && mailbox !== undefined) || run.flags.rest.length > 0) {
      run.error(this.usage)
      return EX_USAGE
    }
    if (mailbox !== undefined) run.error(`Examining mailbox: ${mailbox}`)
    else run.error(`Examining partition: ${partition ?? 'ALL PARTITIONS'}`)
    const { environment, tables } = run.workshop
    const only = mailbox === undefined ? undefined : readInternalName(mailbox)
    for (const { key, value } of environment.read(() => [...tables.names.range()])) {
      const entry = environment.read(() => tables.mailboxes.get(value))
      if (!entry || (mailbox !== undefined && key !== only)) continue
      if (partition !== undefined && entry.partition !== partition) continue
      run.error(`checking: ${key}`)
      for (const what of environment.read(() => recount(tables, value).findings)) run.error(`${key}: ${what}`)
      for (const finding of checkSpool(run.workshop, value, 'size') ?? []) {
        if (finding.kind === 'missing' || finding.kind === 'noDirectory') run.out(finding.path)
        else run.error(`${key}: ${describeFinding(finding)}`)
      }
    }
    return 0
  },
}
