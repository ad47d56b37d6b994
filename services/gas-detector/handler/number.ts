/** ASCII white space, sign, digits with one point, exponent. */
const DECIMAL = /^[ \t\n\v\f\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ \t\n\v\f\r]*$/;

/**
 * What a sensor's `value` says; undefined for what is no number. It reads texts as Python's `float()` does, which the
 * workshop's function used, but for what no sensor measures: `nan`, `inf`, and numbers too large to be told from it.
 * Not taken either, though `float()` does: underscores between digits, and digits other than 0 to 9.
 */
export function readNumber(value: unknown): number | undefined {
  const text = typeof value === 'string' ? DECIMAL.exec(value)?.[1] : undefined;
  const number = text === undefined ? value : Number(text);
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
