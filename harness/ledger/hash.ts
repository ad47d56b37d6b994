/**
 * A 52-bit hash of an id, which fits a JavaScript number: two 26-bit multiplicative hashes over the UTF-16 units,
 * mixed at the end. With four million ids the chance that any two share one is about 0.2 %; readers that show an entry
 * therefore look at its ids themselves.
 */
export function hashId(text: string): number {
  let low = 0x9e3779b1;
  let high = 0x85ebca6b;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x5bd1e995);
    high ^= high >>> 15;
  }
  low = Math.imul(low ^ (low >>> 16), 0x7feb352d) ^ high;
  high = Math.imul(high ^ (high >>> 13), 0xc2b2ae35) ^ low;
  return (low & 0x3ffffff) * 0x4000000 + (high & 0x3ffffff);
}
