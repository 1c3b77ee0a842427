/** How long property tests run: FUZZ_FACTOR=100 makes them a hundred times as long. */

/** The number of runs for fast-check, `usual` in the daily tests. */
export function fuzzRuns(usual: number): { numRuns: number } {
  const factor = Number(process.env['FUZZ_FACTOR'] ?? 1)
  return { numRuns: Math.max(1, Math.round(usual * (factor > 0 ? factor : 1))) }
}
