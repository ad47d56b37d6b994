import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { errors } from './errors.ts';
import { ITERATOR_LIFE_MS } from './limits.ts';

/** A place in a shard, as an iterator names it. */
export interface ShardPosition {
  readonly accountId: string;
  readonly region: string;
  readonly stream: string;
  /** The stream's own, so that one made anew under the same name is another. */
  readonly streamId: string;
  readonly shardIndex: number;
  /** The record's number. */
  readonly next: number;
}

/** What AWS's iterators begin with, too. */
const VERSION = Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]);
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals positions into texts that nobody can read, change or make up. */
export class Iterators {
  readonly #key = randomBytes(32);
  readonly #salt = randomBytes(IV_BYTES - 6);
  #made = 0;

  /** @param now ms since the epoch, from when it lives five minutes */
  seal(position: ShardPosition, now: number): string {
    const { accountId, region, stream, streamId, shardIndex, next } = position;
    const iv = Buffer.alloc(IV_BYTES);
    this.#salt.copy(iv);
    iv.writeUIntBE(this.#made++, this.#salt.length, 6);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const sealed = [
      cipher.update([now, accountId, region, stream, streamId, shardIndex, next].join('/')),
      cipher.final(),
    ];
    return Buffer.concat([VERSION, iv, ...sealed, cipher.getAuthTag()]).toString('base64');
  }

  open(iterator: string, now: number): ShardPosition {
    const parts = this.#decipher(iterator).split('/');
    const [createdAt = '', accountId = '', region = '', stream = '', streamId = '', shardIndex, next] = parts;
    if (now - Number(createdAt) > ITERATOR_LIFE_MS) throw errors.expiredIterator(Number(createdAt), now);
    return { accountId, region, stream, streamId, shardIndex: Number(shardIndex), next: Number(next) };
  }

  #decipher(iterator: string): string {
    const bytes = Buffer.from(iterator, 'base64');
    const ivEnd = VERSION.length + IV_BYTES;
    const tagAt = bytes.length - TAG_BYTES;
    if (tagAt <= ivEnd || !bytes.subarray(0, VERSION.length).equals(VERSION)) throw errors.invalidIterator();
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(VERSION.length, ivEnd));
      decipher.setAuthTag(bytes.subarray(tagAt));
      return decipher.update(bytes.subarray(ivEnd, tagAt), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw errors.invalidIterator();
    }
  }
}
