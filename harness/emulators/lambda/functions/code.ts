import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { FunctionCode } from '@aws-sdk/client-lambda';
import type { AwsAccess } from '../../../edge/emulator.ts';
import { errors, refuse } from '../errors.ts';
import { MAX_ZIPPED_BYTES } from '../limits.ts';
import type { Code } from './function.ts';
import { unzip } from './unzip.ts';

/** The bucket that means a folder of this machine, whose path is the key. LocalStack's users know it so. */
const LIVE_BUCKET = 'hot-reload';

/** The code of functions, unpacked once however many functions have it. */
export class CodeStore {
  readonly #dir: string;
  readonly #aws: AwsAccess;
  readonly #unpacking = new Map<string, Promise<Code>>();
  #attempts = 0;

  constructor(dataDir: string, aws: AwsAccess) {
    this.#dir = join(dataDir, 'code');
    this.#aws = aws;
  }

  /**
   * What `Code` of CreateFunction, or the same members of UpdateFunctionCode, mean.
   *
   * @throws InvalidParameterValueException, RequestEntityTooLargeException in AWS's words; NotImplementedException
   */
  async read(given: FunctionCode, region: string): Promise<Code> {
    refuse(given.ImageUri, 'container images (ImageUri)');
    refuse(given.SourceKMSKeyArn, 'encrypted code (SourceKMSKeyArn)');
    if (given.ZipFile !== undefined) {
      const { ZipFile: zip } = given;
      if (zip.byteLength > MAX_ZIPPED_BYTES) {
        throw errors.tooLarge(`Zipped size must be smaller than ${MAX_ZIPPED_BYTES} bytes`);
      }
      return await this.#unpack(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength));
    }
    const { S3Bucket: bucket, S3Key: key, S3ObjectVersion: version } = given;
    if (!bucket || !key) throw errors.invalid('Please provide a source for function code.');
    if (bucket === LIVE_BUCKET) return await liveFolder(key);
    return await this.#unpack(await this.#download(bucket, key, version, region));
  }

  /** The zip file of a function's code; undefined for a folder, and for what is not here. */
  async zipOf(sha256: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.#zipPath(sha256));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Forgets all code. No function may have any of it. */
  async clear(): Promise<void> {
    await Promise.allSettled(this.#unpacking.values());
    this.#unpacking.clear();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #download(bucket: string, key: string, version: string | undefined, region: string): Promise<Buffer> {
    const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    try {
      const { Body } = await this.#aws
        .client(S3Client, region)
        .send(new GetObjectCommand({ Bucket: bucket, Key: key, ...(version ? { VersionId: version } : {}) }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      const { name, message } = error as Error;
      throw errors.invalid(`Error occurred while GetObject. S3 Error Code: ${name}. S3 Error Message: ${message}`);
    }
  }

  async #unpack(zip: Buffer): Promise<Code> {
    if (zip.length === 0) throw errors.invalid('Uploaded file must be a non-empty zip');
    const sha256 = createHash('sha256').update(zip).digest('base64');
    let unpacking = this.#unpacking.get(sha256);
    if (!unpacking) {
      unpacking = this.#unpackNew(zip, sha256);
      this.#unpacking.set(sha256, unpacking);
      unpacking.catch(() => this.#unpacking.delete(sha256));
    }
    return await unpacking;
  }

  async #unpackNew(zip: Buffer, sha256: string): Promise<Code> {
    const dir = this.#path(sha256);
    const attempt = `${dir}.${this.#attempts++}`;
    await mkdir(attempt, { recursive: true });
    try {
      await unzip(zip, attempt);
      await writeFile(this.#zipPath(sha256), zip);
      await rename(attempt, dir);
    } catch (error) {
      await rm(attempt, { recursive: true, force: true });
      throw error;
    }
    return { sha256, size: zip.length, dir, live: false };
  }

  #path(sha256: string): string {
    return join(this.#dir, Buffer.from(sha256, 'base64').toString('hex'));
  }

  #zipPath(sha256: string): string {
    return `${this.#path(sha256)}.zip`;
  }
}

async function liveFolder(path: string): Promise<Code> {
  if (!isAbsolute(path)) {
    throw errors.invalid(`With the bucket ${LIVE_BUCKET} the key must be the absolute path of a folder, not ${path}.`);
  }
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) throw errors.invalid(`There is no folder ${path}, which the key says the code is in.`);
  return { sha256: createHash('sha256').update(path).digest('base64'), size: 0, dir: path, live: true };
}
