/** angarium manual options|events|imapd.conf: the reference pages of docs/, made from the tables in the code. */
import { optionManPage } from '../../config/option-man-page.js'
import { optionManual } from '../../config/option-manual.js'
import { eventManual } from '../../log/event-manual.js'

const pages: Readonly<Record<string, () => string>> = {
  options: optionManual,
  events: eventManual,
  'imapd.conf': optionManPage,
}
const [name = ''] = process.argv.slice(2)
const page = Object.hasOwn(pages, name) ? pages[name] : undefined
if (page) process.stdout.write(page())
else {
  process.stderr.write('usage: angarium manual options|events|imapd.conf\n')
  process.exitCode = 64
}
