import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CompressionFormat } from '@aws-sdk/client-firehose';

/** What a compressed object is called and how it says that it is compressed. */
export interface ObjectForm {
  /** Appended to its name; empty for none. */
  readonly extension: string;
  readonly contentEncoding: string | undefined;
}

/**
 * As seen on objects that AWS delivered (https://github.com/floci-io/floci/issues/2328). The developer guide gives
 * Hadoop's Snappy the extension `.hsnappy`.
 */
export const OBJECT_FORMS: Readonly<Record<CompressionFormat, ObjectForm>> = {
  UNCOMPRESSED: { extension: '', contentEncoding: undefined },
  GZIP: { extension: '.gz', contentEncoding: 'gzip' },
  ZIP: { extension: '.zip', contentEncoding: 'zip' },
  Snappy: { extension: '.snappy', contentEncoding: 'snappy-java' },
  HADOOP_SNAPPY: { extension: '.snappy', contentEncoding: 'hadoop-snappy' },
};

export const COMPRESSION_FORMATS = Object.keys(OBJECT_FORMS) as readonly CompressionFormat[];

/** Bytes that Snappy compresses at once: the default of snappy-java, which AWS's objects are equal to. */
const SNAPPY_BLOCK_BYTES = 32 * 1024;
/** Of snappy-java's stream format: its magic number, its version, and the oldest version that can read it. */
const SNAPPY_JAVA_HEADER = Buffer.from('82534e41505059000000000100000001', 'hex');

const gzipped = promisify(gzip);

export interface Entry {
  /** What the only file of a ZIP archive is called. */
  readonly name: string;
  /** When it was made, ms since the epoch. */
  readonly time: number;
}

/** `content` itself when it is not to be compressed. */
export async function compress(content: Buffer, format: CompressionFormat, entry: Entry): Promise<Buffer> {
  switch (format) {
    case 'UNCOMPRESSED':
      return content;
    case 'GZIP':
      return await gzipped(content);
    case 'ZIP':
      return await zipped(content, entry);
    case 'Snappy':
      return await snappy(content, [SNAPPY_JAVA_HEADER], ({ length }) => uint32(length));
    case 'HADOOP_SNAPPY':
      return await snappy(content, [], ({ length }, blockLength) => uint32(blockLength, length));
  }
}

async function zipped(content: Buffer, { name, time }: Entry): Promise<Buffer> {
  const { ZipFile } = await import('yazl');
  const archive = new ZipFile();
  archive.addBuffer(content, name, { mtime: new Date(time) });
  archive.end();
  const parts: Buffer[] = [];
  for await (const part of archive.outputStream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Blocks of raw Snappy, each behind what `heading` makes of it and of the length that it had. */
async function snappy(
  content: Buffer,
  parts: Buffer[],
  heading: (block: Buffer, originalLength: number) => Buffer,
): Promise<Buffer> {
  const library = await import('snappy');
  for (let at = 0; at < content.length; at += SNAPPY_BLOCK_BYTES) {
    const original = content.subarray(at, at + SNAPPY_BLOCK_BYTES);
    const block = await library.compress(original);
    parts.push(heading(block, original.length), block);
  }
  return Buffer.concat(parts);
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeUInt32BE(value, index * 4);
  });
  return bytes;
}
