import { HostObject, INT_MAX, JavaChar, JavaList, JavaMap, JavaNumber, type Value } from './values.ts';

/** More elements than this are not compared or hashed: lists within lists, twice each, would take for ever. */
const MAX_ELEMENTS = 1_000_000;
const MAX_DEPTH = 1_000;

/** How many more elements one comparison or hash code may look at. */
class Work {
  #left = MAX_ELEMENTS;
  #depth = 0;

  nested<T>(work: () => T): T {
    this.#left--;
    this.#depth++;
    if (this.#left < 0 || this.#depth > MAX_DEPTH) throw new RangeError('a value is too large or too deep to compare');
    const result = work();
    this.#depth--;
    return result;
  }
}

/**
 * Java's `left.equals(right)`: an Integer never equals a Long, lists and maps compare by content. Throws RangeError for
 * values too large or nested too deeply.
 */
export function javaEquals(left: Value, right: Value, work?: Work): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right;
  const within = work ?? new Work();
  return within.nested(() => equal(left, right, within));
}

function equal(left: Value, right: Value, work: Work): boolean {
  if (left === right) return true;
  if (left instanceof JavaNumber && right instanceof JavaNumber) {
    return left.type === right.type && Object.is(left.value, right.value);
  }
  if (left instanceof JavaChar && right instanceof JavaChar) return left.unit === right.unit;
  if (left instanceof JavaList && right instanceof JavaList) return listsEqual(left, right, work);
  if (left instanceof JavaMap && right instanceof JavaMap) {
    if (left.size !== right.size) return false;
    for (const [key, value] of left.entries()) {
      if (!right.has(key) || !javaEquals(value, right.get(key), work)) return false;
    }
    return true;
  }
  return false;
}

function listsEqual(left: JavaList, right: JavaList, work: Work): boolean {
  if (left.kind !== right.kind || left.kind === 'array' || left.kind === 'collection') return false;
  if (left.items.length !== right.items.length) return false;
  if (left.kind === 'set')
    return left.items.every((item) => right.items.some((other) => javaEquals(item, other, work)));
  return left.items.every((item, index) => javaEquals(item, right.items[index] ?? null, work));
}

/** Java's `hashCode()`, a 32-bit integer. Throws RangeError like `javaEquals`. */
export function javaHashCode(value: Value, work = new Work()): number {
  return work.nested(() => hash(value, work));
}

function hash(value: Value, work: Work): number {
  if (value === null) return 0;
  if (typeof value === 'string') return stringHash(value);
  if (typeof value === 'boolean') return value ? 1231 : 1237;
  if (value instanceof JavaChar) return value.unit.charCodeAt(0);
  if (value instanceof JavaNumber) return numberHash(value);
  if (value instanceof HostObject) return INT_MAX;
  if (value instanceof JavaMap) {
    let sum = 0;
    for (const [key, item] of value.entries()) sum = (sum + (javaHashCode(key, work) ^ javaHashCode(item, work))) | 0;
    return sum;
  }
  if (value.kind === 'set') return value.items.reduce<number>((sum, item) => (sum + javaHashCode(item, work)) | 0, 0);
  return value.items.reduce<number>((code, item) => (Math.imul(code, 31) + javaHashCode(item, work)) | 0, 1);
}

function stringHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

function numberHash(number: JavaNumber): number {
  if (number.type === 'int') return Number(number.value);
  let bits = BigInt.asUintN(64, BigInt(number.type === 'double' ? 0 : number.value));
  if (number.type === 'double') {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, Number(number.value));
    bits = view.getBigUint64(0);
  }
  if (number.type === 'big') return bigHash(BigInt(number.value));
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n)));
}

function bigHash(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  let hash = 0;
  const words = Math.ceil(magnitude.toString(16).length / 8);
  for (let index = words - 1; index >= 0; index--) {
    const word = Number(BigInt.asIntN(32, magnitude >> BigInt(index * 32)));
    hash = (Math.imul(hash, 31) + word) | 0;
  }
  return value < 0n ? -hash | 0 : hash;
}
