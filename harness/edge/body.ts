import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { machine } from '../clock/index.ts';
import { decodeAwsChunked, isAwsChunked } from './aws-chunked.ts';
import { BodyTooLarge, type RequestBody } from './http.ts';

/** What the sizes, signatures and trailers of aws-chunked may add to a small body. */
const CHUNK_OVERHEAD_BYTES = 64 * 1024;

/** A request body that is in memory already. */
export function bufferBody(bytes: Buffer): RequestBody {
  return {
    inMemory: bytes,
    stream: () => readableOf(bytes),
    async bytes(limitBytes = Number.POSITIVE_INFINITY) {
      if (bytes.length > limitBytes) throw new BodyTooLarge(limitBytes);
      return bytes;
    },
  };
}

/**
 * A request body that arrives over a connection. `onRead` is called before its first byte is asked for, which is when a
 * client that sent `Expect: 100-continue` must be told to go on.
 */
export function streamBody(source: Readable, headers: IncomingHttpHeaders, onRead?: () => void): RequestBody {
  let whole: Promise<Buffer> | undefined;
  let taken = false;
  const take = () => {
    if (taken) throw new Error('The request body was taken as a stream already.');
    taken = true;
    onRead?.();
    return source;
  };
  return {
    stream: () => (whole ? Readable.from(chunksOf(whole), { objectMode: false }) : take()),
    async bytes(limitBytes = Number.POSITIVE_INFINITY) {
      const announced = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
      if (announced !== undefined && Number(announced) > limitBytes) throw new BodyTooLarge(limitBytes);
      const chunked = isAwsChunked(headers);
      whole ??= readAll(take(), chunked ? 2 * limitBytes + CHUNK_OVERHEAD_BYTES : limitBytes);
      const bytes = await whole;
      const decoded = chunked ? decodeAwsChunked(bytes) : bytes;
      if (decoded.length > limitBytes) throw new BodyTooLarge(limitBytes);
      return decoded;
    },
  };
}

/** Whoever gets a body of this size may be busy with it for long. */
const LARGE_BYTES = 256 * 1024;

let turns = Promise.resolve();

/** Large bodies are handed over one in each turn of the event loop, so that others are served between them. */
function turnOfItsOwn(): Promise<void> {
  turns = turns.then(machine.turn);
  return turns;
}

/** Reads a stream to its end. One that is longer than the limit rejects with `BodyTooLarge` and is left unread. */
export async function readAll(source: Readable, limitBytes = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const onData = (chunk: Buffer | string) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > limitBytes) reject(new BodyTooLarge(limitBytes));
    else chunks.push(bytes);
  };
  const onEnd = () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length));
  const onClose = () => {
    if (!source.readableEnded) reject(new ClientGone());
  };
  source.on('data', onData).once('end', onEnd).once('error', reject).once('close', onClose);
  try {
    const bytes = await promise;
    if (bytes.length >= LARGE_BYTES) await turnOfItsOwn();
    return bytes;
  } finally {
    source.off('data', onData).off('end', onEnd).off('error', reject).off('close', onClose);
    // What may go wrong while the rest is thrown away concerns nobody.
    source.on('error', () => undefined);
  }
}

export function readableOf(bytes: Buffer | string): Readable {
  return bytes.length === 0 ? Readable.from([]) : Readable.from([bytes], { objectMode: false });
}

async function* chunksOf(whole: Promise<Buffer>): AsyncGenerator<Buffer> {
  yield await whole;
}

/** The connection ended before the whole request had come. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    super('The client went away before its request was complete.');
  }
}
