import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { CompressionFormat } from '@aws-sdk/client-firehose';
import { errors } from '../../errors.ts';

export type Compression = CompressionFormat;

export const COMPRESSION_FORMATS: readonly Compression[] = ['UNCOMPRESSED', 'GZIP', 'ZIP', 'Snappy', 'HADOOP_SNAPPY'];

const gzipped = promisify(gzip);

/** What AWS appends to the names of objects when no FileExtension is given. */
export function extensionOf(compression: Compression): string {
  if (compression === 'GZIP') return '.gz';
  if (compression === 'UNCOMPRESSED') return '';
  throw errors.unsupported(`CompressionFormat ${compression}`);
}

export async function compress(content: Buffer, compression: Compression): Promise<Buffer> {
  return compression === 'GZIP' ? await gzipped(content) : content;
}
