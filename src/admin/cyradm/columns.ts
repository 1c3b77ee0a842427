// Columns as cyradm has them: down first, as many as fit into 80 characters. Pure.

const SCREEN = 80
const GAP = 2

/** Each cell is padded, the last of a line too. */
export function inColumns(cells: readonly string[]): string[] {
  const longest = cells.reduce((most, cell) => Math.max(most, cell.length), 0)
  const width = Math.min(SCREEN, longest + GAP)
  const across = Math.max(1, Math.floor(SCREEN / width))
  const down = Math.ceil(cells.length / across)
  return Array.from({ length: down }, (_, row) => {
    let line = ''
    for (let at = row; at < cells.length; at += down) line += (cells[at] ?? '').padEnd(width)
    return line
  })
}
