import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { CompressionFormat } from '@aws-sdk/client-firehose';
import { uncompressSync } from 'snappy';
import type { Batch } from '../../buffer.ts';
import { makeRun } from '../../runs.ts';
import { START } from '../../testing.ts';
import type { Attempt } from '../destination.ts';

const XERIAL_MAGIC = '82534e4150505900';

/** A batch of one run. */
export function batchOf(texts: readonly string[]): Batch {
  const data = texts.map((text) => Buffer.from(text));
  const ids = texts.map((_, n) => `record:${n}`);
  const run = makeRun({ arrival: START, data, ids, cause: 1 });
  return {
    id: '5abf82da-aa53-4e6b-8f0c-1f4f6f0f9f3a',
    runs: [run],
    records: data.length,
    bytes: run.bytes,
    oldestArrival: START,
  };
}

export interface TestAttempt extends Attempt {
  /** The codes and messages of errors. */
  readonly reported: string[];
}

/** An attempt that keeps what is told of errors. */
export function testAttempt(signal = new AbortController().signal): TestAttempt {
  const reported: string[] = [];
  return {
    deliveryStreamName: 'brook',
    deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/brook',
    sourceArn: undefined,
    versionId: 1,
    region: 'us-east-1',
    accountId: '000000000000',
    lock: {} as Attempt['lock'],
    signal,
    now: () => START,
    reportError: (code, message) => void reported.push(`${code}: ${message}`),
    count: () => undefined,
    reported,
  };
}

/** What was compressed, read by the formats' own descriptions. */
export function decompress(body: Buffer, format: CompressionFormat): Buffer {
  switch (format) {
    case 'UNCOMPRESSED':
      return body;
    case 'GZIP':
      return gunzipSync(body);
    case 'ZIP':
      return unzip(body).content;
    case 'Snappy':
      return readSnappyJava(body);
    case 'HADOOP_SNAPPY':
      return readHadoopSnappy(body);
  }
}

/** https://github.com/xerial/snappy-java: SnappyOutputStream */
function readSnappyJava(body: Buffer): Buffer {
  const [magic, version, compatible] = [body.toString('hex', 0, 8), body.readInt32BE(8), body.readInt32BE(12)];
  if (magic !== XERIAL_MAGIC || version !== 1 || compatible !== 1) throw new Error(`No snappy-java: ${magic}`);
  const blocks: Buffer[] = [];
  for (let at = 16; at < body.length; ) {
    const end = at + 4 + body.readInt32BE(at);
    blocks.push(uncompressSync(body.subarray(at + 4, end)) as Buffer);
    at = end;
  }
  return Buffer.concat(blocks);
}

/** Hadoop's BlockDecompressorStream: a block has the length of what it holds, and then pieces with theirs. */
function readHadoopSnappy(body: Buffer): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    let left = body.readInt32BE(at);
    at += 4;
    while (left > 0) {
      const end = at + 4 + body.readInt32BE(at);
      const piece = uncompressSync(body.subarray(at + 4, end)) as Buffer;
      blocks.push(piece);
      left -= piece.length;
      at = end;
    }
    if (left < 0) throw new Error('A block holds more than it says.');
  }
  return Buffer.concat(blocks);
}

/** The only file of an archive, found by its central directory (PKWARE APPNOTE 4.3). */
export function unzip(body: Buffer): { readonly name: string; readonly content: Buffer } {
  const end = body.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end === -1 || body.readUInt16LE(end + 10) !== 1) throw new Error('No ZIP archive of one file.');
  const entry = body.readUInt32LE(end + 16);
  const [compressedSize, nameLength] = [body.readUInt32LE(entry + 20), body.readUInt16LE(entry + 28)];
  const local = body.readUInt32LE(entry + 42);
  const from = local + 30 + body.readUInt16LE(local + 26) + body.readUInt16LE(local + 28);
  const content = inflateRawSync(body.subarray(from, from + compressedSize));
  return { name: body.toString('utf8', entry + 46, entry + 46 + nameLength), content };
}
