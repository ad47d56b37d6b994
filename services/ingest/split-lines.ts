import type { SplitValue } from './split-json.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The lines in a stream of bytes, without their ends, and without those that are empty. For objects whose records stand
 * on a line each: one that is broken takes no other with it, as it would with `splitJson`. Holds no more than one line
 * and one chunk.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<SplitValue, void, undefined> {
  let begun: Uint8Array[] = [];
  /** Of the first byte of the line and of the chunk, from the start of the input. */
  let lineOffset = 0;
  let chunkOffset = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield* line([...begun, chunk.subarray(start, end)], lineOffset);
      begun = [];
      start = end + 1;
      lineOffset = chunkOffset + start;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    chunkOffset += chunk.length;
  }
  yield* line(begun, lineOffset);
}

function* line(parts: readonly Uint8Array[], offset: number): Generator<SplitValue> {
  const [first] = parts;
  const bytes = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  const length = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  if (length > 0) yield { bytes: bytes.subarray(0, length), offset };
}
