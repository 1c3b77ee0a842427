// Columns as cyradm has them: down first, as many as fit into 80 characters. Pure.

const SCREEN = 80
const GAP = 2

/** Each cell is padded, the last of a line too. */
export function inColumns(cells: readonly string[]): string[] {
  const width = Math.min(SCREEN, Math.max(0, ...cells.map((cell) => cell.length)) + GAP)
  const across = Math.max(1, Math.floor(SCREEN / width))
  const down = Math.ceil(cells.length / across)
  return Array.from({ length: down }, (_, row) =>
    cells
      .filter((_cell, index) => index % down === row)
      .map((cell) => cell.padEnd(width))
      .join(''),
  )
}
