import { type Position, VelocityError } from './error.ts';

/** Directives nested deeper than this, or expressions, are refused, before they can exhaust the stack. */
const MAX_NESTING = 200;

/** A place in a template's source, with the few ways a parser moves over it. */
export class Cursor {
  readonly source: string;
  /** Offset of the next character. */
  offset = 0;
  readonly #origin: Position;
  readonly #lineStarts: number[] = [0];
  #depth: number;
  /** Ranges of backslashes and `$` signs before references, in order. */
  readonly #prefixes: (readonly [from: number, to: number])[] = [];

  /** `origin` is where the source's first character stands in the whole template (for a string inside of one). */
  constructor(source: string, origin: Position = { line: 1, column: 1 }, depth = 0) {
    this.source = source;
    this.#origin = origin;
    this.#depth = depth;
    for (let index = 0; index < source.length; index++) {
      const unit = source[index];
      if (unit === '\n' || (unit === '\r' && source[index + 1] !== '\n')) this.#lineStarts.push(index + 1);
    }
  }

  get depth(): number {
    return this.#depth;
  }

  get atEnd(): boolean {
    return this.offset >= this.source.length;
  }

  /** The next character, empty at the end. */
  get next(): string {
    return this.source[this.offset] ?? '';
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.offset);
  }

  /** What `pattern` (which must be sticky) matches here, without moving. */
  peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    return pattern.exec(this.source)?.[0];
  }

  /** Moves over what `pattern` (sticky) matches here and answers it. */
  take(pattern: RegExp): string | undefined {
    const match = this.peek(pattern);
    if (match !== undefined) this.offset += match.length;
    return match;
  }

  takeText(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.offset += text.length;
    return true;
  }

  /** Velocity drops what escapes a reference from the text of whatever the reference is part of. */
  dropPrefix(from: number, to: number): void {
    if (to > from) this.#prefixes.splice(this.#firstPrefix(from), 0, [from, to]);
  }

  /** Of the dropped prefixes the first that begins at `from` or later. */
  #firstPrefix(from: number): number {
    let low = 0;
    let high = this.#prefixes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#prefixes[middle]?.[0] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The source from `start` up to here without dropped prefixes: what Velocity calls a node's literal. */
  literal(start: number, end = this.offset): string {
    let text = '';
    let at = start;
    for (let index = this.#firstPrefix(start); index < this.#prefixes.length; index++) {
      const [from, to] = this.#prefixes[index] ?? [end, end];
      if (to > end) break;
      if (from < at) continue;
      text += this.source.slice(at, from);
      at = to;
    }
    return text + this.source.slice(at, end);
  }

  position(offset = this.offset): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const column = offset - (this.#lineStarts[low] ?? 0);
    return low === 0
      ? { line: this.#origin.line, column: this.#origin.column + column }
      : { line: this.#origin.line + low, column: column + 1 };
  }

  fail(message: string, offset = this.offset): never {
    throw new VelocityError(message, this.position(offset));
  }

  /** The failure of a parser that found something else than `wanted` here. */
  failExpecting(wanted: string): never {
    const shown = this.atEnd
      ? 'the end of the template'
      : JSON.stringify(this.source.slice(this.offset, this.offset + 12));
    return this.fail(`Encountered ${shown} where ${wanted} was expected`);
  }

  nested<T>(parse: () => T): T {
    if (this.#depth >= MAX_NESTING) this.fail(`The template is nested deeper than ${MAX_NESTING} levels`);
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }
}
