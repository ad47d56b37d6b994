/** Lines and dots of detectors, told apart also by who cannot tell red from green; red itself is kept for warnings. */
const COLORS = 8;

/** The CSS variable of the n-th detector's colour. */
export function colorOf(groupid: string, all: readonly string[]): string {
  return `--line-${(Math.max(all.indexOf(groupid), 0) % COLORS) + 1}`;
}
