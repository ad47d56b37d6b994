import { MAX_LOG_LINE_BYTES } from './limits.ts';

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines, without their ends. */
export class LogLines {
  #rest: Buffer = Buffer.alloc(0);

  /** The lines that are whole now, or too long to wait for. */
  add(chunk: Buffer): string[] {
    const lines: string[] = [];
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE)) {
      lines.push(bytes.toString('utf8', 0, end));
      bytes = bytes.subarray(end + 1);
    }
    for (; bytes.length >= MAX_LOG_LINE_BYTES; bytes = bytes.subarray(MAX_LOG_LINE_BYTES)) {
      lines.push(bytes.toString('utf8', 0, MAX_LOG_LINE_BYTES));
    }
    this.#rest = bytes;
    return lines;
  }

  /** What is there of a line without an end. */
  flush(): string[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? [] : [rest.toString('utf8')];
  }
}
