/**
 * Splits JSON values that follow one another, with or without white space between them, into the bytes of each.
 * Firehose writes objects in this form: it puts records one after the other with nothing in between.
 *
 * Works on bytes, wherever the chunks are cut: a `{` or `"` byte is never part of a longer UTF-8 character. Nothing is
 * parsed, so a value's bytes are exactly those that were sent. A bare number, true, false or null ends at white space
 * or where another value begins; two bare numbers without anything between them cannot be told apart.
 */
export class JsonSplitter {
  #chunks: Uint8Array[] = [];
  #state: State = 'between';
  #depth = 0;
  /** Of the first byte of the value that is being read, and of the next byte; from the start of the input. */
  #valueOffset = 0;
  #offset = 0;

  /** The values that end in this chunk. */
  push(chunk: Uint8Array): SplitValue[] {
    const values: SplitValue[] = [];
    let start = 0;
    const end = (index: number) => {
      this.#chunks.push(chunk.subarray(start, index));
      values.push(this.#take());
      start = index;
    };
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index] as number;
      if (this.#state === 'escape') {
        this.#state = 'string';
      } else if (this.#state === 'string') {
        if (byte === BACKSLASH) this.#state = 'escape';
        else if (byte === QUOTE) {
          this.#state = 'inside';
          if (this.#depth === 0) end(index + 1);
        }
      } else if (this.#state === 'inside') {
        if (byte === QUOTE) this.#state = 'string';
        else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
        else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
          this.#depth--;
          if (this.#depth === 0) end(index + 1);
        }
      } else {
        if (this.#state === 'bare' && endsBareValue(byte)) end(index);
        if (this.#state === 'between') {
          start = index;
          this.#begin(byte, this.#offset + index);
        }
      }
    }
    if (this.#state !== 'between') this.#chunks.push(chunk.subarray(start));
    this.#offset += chunk.length;
    return values;
  }

  /** A bare value that the end of the input ends. Throws `JsonSplitError` if the input ends within a value. */
  finish(): SplitValue[] {
    if (this.#state === 'between') return [];
    if (this.#state === 'bare') return [this.#take()];
    throw new JsonSplitError(`The JSON value that begins at byte ${this.#valueOffset} has no end.`, this.#valueOffset);
  }

  #begin(byte: number, offset: number): void {
    if (isSpace(byte)) return;
    this.#valueOffset = offset;
    if (byte === QUOTE) this.#state = 'string';
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#state = 'inside';
      this.#depth = 1;
    } else if (isBare(byte)) this.#state = 'bare';
    else throw new JsonSplitError(`There is no JSON value at byte ${offset}.`, offset);
  }

  #take(): SplitValue {
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#state = 'between';
    return { bytes, offset: this.#valueOffset };
  }
}

/**
 * `between`: no value has begun. `inside`: in an object or array, or just after a string. `string`, `escape`: in a
 * string. `bare`: in a number, true, false or null that stands alone.
 */
type State = 'between' | 'inside' | 'string' | 'escape' | 'bare';

export interface SplitValue {
  /** The value as it was sent, without white space around it. */
  readonly bytes: Uint8Array;
  /** Of its first byte, from the start of the input. */
  readonly offset: number;
}

export class JsonSplitError extends Error {
  override readonly name = 'JsonSplitError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The values in a stream of bytes, one by one, without holding more than one value and one chunk. */
export async function* splitJson(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<SplitValue, void, undefined> {
  const splitter = new JsonSplitter();
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield* splitter.finish();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const MINUS = 0x2d;

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Digits, and the first letters of true, false and null. */
function isBare(byte: number): boolean {
  return byte === MINUS || (byte >= 0x30 && byte <= 0x39) || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}

function endsBareValue(byte: number): boolean {
  return isSpace(byte) || byte === QUOTE || byte === OPEN_BRACE || byte === OPEN_BRACKET;
}
