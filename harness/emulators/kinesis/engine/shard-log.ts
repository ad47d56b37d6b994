import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, BlockCache } from './block-cache.ts';

export interface LogRecord {
  /** The shard's first record has 1, and none is left out. */
  readonly number: number;
  /** ms since the epoch. */
  readonly arrival: number;
  readonly partitionKey: string;
  readonly data: Buffer;
  readonly encrypted: boolean;
}

export type NewRecord = Omit<LogRecord, 'number' | 'data'> & { readonly data: Uint8Array };

/** What is gathered in memory before it is written, in bytes. */
const BLOCK_BYTES = 128 * 1024;
/** A file that has more is followed by another, so that what is past its retention can be given back to the disk. */
const FILE_BYTES = 64 * 1024 * 1024;

/** Before each record: its bytes with this header (4), arrival (8), flags (1), bytes of the key (4). */
const HEADER_BYTES = 17;
const ENCRYPTED = 1;

interface LogFile {
  readonly path: string;
  readonly descriptor: number;
  readonly blocks: Block[];
  bytes: number;
}

/**
 * A shard's records in files: written at the end in blocks, read back by the block. In memory are the records that do not
 * fill a block yet, and some numbers for each block that was written.
 */
export class ShardLog {
  readonly #dir: string;
  readonly #name: string;
  readonly #cache: BlockCache;
  readonly #files: LogFile[] = [];
  #fileCount = 0;
  /** Records that are in no block yet, each as it will be written. */
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #tailFirst = 1;
  #tailNewest = Number.NEGATIVE_INFINITY;
  /** The number of the oldest record that is still there, or of the next one. */
  #oldest = 1;

  /** @param dir an existing folder; `name` begins the names of the files in it */
  constructor(dir: string, name: string, cache: BlockCache) {
    this.#dir = dir;
    this.#name = name;
    this.#cache = cache;
  }

  /** The number that the next record will have. */
  get next(): number {
    return this.#tailFirst + this.#tail.length;
  }

  get oldest(): number {
    return this.#oldest;
  }

  /** Returns the record's number. When the disk refuses, nothing was added. */
  append(record: NewRecord): number {
    if (this.#tailBytes >= BLOCK_BYTES) this.#write();
    const frame = encode(record);
    this.#tail.push(frame);
    this.#tailBytes += frame.length;
    this.#tailNewest = Math.max(this.#tailNewest, record.arrival);
    return this.next - 1;
  }

  /** Records from a number on (or from the oldest that is there), in order, read from disk as they are asked for. */
  *from(number: number): Generator<LogRecord> {
    let wanted = Math.max(number, this.#oldest);
    for (const file of [...this.#files]) {
      const { blocks } = file;
      for (let at = indexOfBlock(blocks, wanted); at < blocks.length; at++) {
        const block = blocks[at] as Block;
        if (block.first + block.count <= wanted) continue;
        for (const record of decode(this.#read(file, block), block.first)) {
          if (record.number < wanted) continue;
          wanted = record.number + 1;
          yield record;
        }
      }
    }
    for (let frame = this.#tail[wanted - this.#tailFirst]; frame; frame = this.#tail[wanted - this.#tailFirst]) {
      yield decodeOne(frame, 0, wanted++);
    }
  }

  /** The number of the first record that arrived at or after `instant`; the next one's where there is none. */
  since(instant: number): number {
    for (const file of this.#files) {
      for (const block of file.blocks) {
        if (block.newestArrival < instant || block.first + block.count <= this.#oldest) continue;
        for (const record of decode(this.#read(file, block), block.first)) {
          if (record.number >= this.#oldest && record.arrival >= instant) return record.number;
        }
      }
    }
    for (const record of this.from(Math.max(this.#tailFirst, this.#oldest))) {
      if (record.arrival >= instant) return record.number;
    }
    return this.next;
  }

  /** Forgets the records before `number`, and removes files that hold nothing else. */
  trimTo(number: number): void {
    this.#oldest = Math.max(this.#oldest, Math.min(number, this.next));
    for (let file = this.#files[0]; file; file = this.#files[0]) {
      for (let block = file.blocks[0]; block; block = file.blocks[0]) {
        if (block.first + block.count > this.#oldest) break;
        this.#cache.delete(block);
        file.blocks.shift();
      }
      // The newest file is still written to.
      if (file.blocks.length > 0 || this.#files.length === 1) return;
      this.#files.shift();
      remove(file);
    }
  }

  /** Removes the files. */
  close(): void {
    for (const file of this.#files.splice(0)) {
      for (const block of file.blocks) this.#cache.delete(block);
      remove(file);
    }
    this.#tail = [];
    this.#tailBytes = 0;
  }

  #write(): void {
    const content = Buffer.concat(this.#tail, this.#tailBytes);
    const file = this.#file();
    for (let done = 0; done < content.length; ) {
      done += writeSync(file.descriptor, content, done, content.length - done, file.bytes + done);
    }
    const block: Block = {
      first: this.#tailFirst,
      count: this.#tail.length,
      offset: file.bytes,
      bytes: content.length,
      newestArrival: this.#tailNewest,
    };
    file.blocks.push(block);
    file.bytes += content.length;
    this.#cache.set(block, content);
    this.#tailFirst += this.#tail.length;
    this.#tail = [];
    this.#tailBytes = 0;
    this.#tailNewest = Number.NEGATIVE_INFINITY;
  }

  #file(): LogFile {
    const newest = this.#files.at(-1);
    if (newest && newest.bytes < FILE_BYTES) return newest;
    const path = join(this.#dir, `${this.#name}.${this.#fileCount++}.log`);
    const file: LogFile = { path, descriptor: openSync(path, 'w+'), blocks: [], bytes: 0 };
    this.#files.push(file);
    return file;
  }

  #read(file: LogFile, block: Block): Buffer {
    const cached = this.#cache.get(block);
    if (cached) return cached;
    const content = Buffer.allocUnsafeSlow(block.bytes);
    for (let done = 0; done < block.bytes; ) {
      const count = readSync(file.descriptor, content, done, block.bytes - done, block.offset + done);
      if (count === 0) throw new Error(`${file.path} ends before a block of it does.`);
      done += count;
    }
    this.#cache.set(block, content);
    return content;
  }
}

function remove({ path, descriptor }: LogFile): void {
  closeSync(descriptor);
  rmSync(path, { force: true });
}

/** The last block that begins at or before `number`. */
function indexOfBlock(blocks: readonly Block[], number: number): number {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle] as Block).first <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}

function encode({ arrival, partitionKey, data, encrypted }: NewRecord): Buffer {
  const keyBytes = Buffer.byteLength(partitionKey);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + keyBytes + data.length);
  frame.writeUInt32LE(frame.length, 0);
  frame.writeDoubleLE(arrival, 4);
  frame.writeUInt8(encrypted ? ENCRYPTED : 0, 12);
  frame.writeUInt32LE(keyBytes, 13);
  frame.write(partitionKey, HEADER_BYTES);
  frame.set(data, HEADER_BYTES + keyBytes);
  return frame;
}

function* decode(content: Buffer, first: number): Generator<LogRecord> {
  for (let at = 0, number = first; at < content.length; at += content.readUInt32LE(at)) {
    yield decodeOne(content, at, number++);
  }
}

function decodeOne(content: Buffer, at: number, number: number): LogRecord {
  const end = at + content.readUInt32LE(at);
  const dataAt = at + HEADER_BYTES + content.readUInt32LE(at + 13);
  return {
    number,
    arrival: content.readDoubleLE(at + 4),
    partitionKey: content.toString('utf8', at + HEADER_BYTES, dataAt),
    data: content.subarray(dataAt, end),
    encrypted: content.readUInt8(at + 12) === ENCRYPTED,
  };
}
