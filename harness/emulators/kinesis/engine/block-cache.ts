/** One stretch of a shard's log that was written to its file. */
export interface Block {
  /** The number of its first record. */
  readonly first: number;
  readonly count: number;
  readonly offset: number;
  readonly bytes: number;
  readonly newestArrival: number;
}

/** The blocks that were written or read last, of all shards together, up to so many bytes. */
export class BlockCache {
  readonly #maxBytes: number;
  readonly #blocks = new Map<Block, Buffer>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(block: Block): Buffer | undefined {
    const found = this.#blocks.get(block);
    if (!found) return undefined;
    this.#blocks.delete(block);
    this.#blocks.set(block, found);
    return found;
  }

  set(block: Block, content: Buffer): void {
    this.delete(block);
    this.#blocks.set(block, content);
    this.#bytes += content.length;
    for (const oldest of this.#blocks.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.delete(oldest);
    }
  }

  delete(block: Block): void {
    const found = this.#blocks.get(block);
    if (!found) return;
    this.#blocks.delete(block);
    this.#bytes -= found.length;
  }
}
