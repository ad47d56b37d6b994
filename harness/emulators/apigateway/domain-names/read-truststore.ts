import type { EmulatorContext, InternalResponse } from '../../../edge/emulator.ts';
import { badRequest } from '../errors.ts';
import { MAX_TRUSTSTORE_BYTES } from './limits.ts';
import { Truststore } from './truststore.ts';

export interface TruststoreSource {
  /** `s3://bucket/key`. */
  readonly uri: string;
  /** Of the object; undefined for the newest. */
  readonly version: string | undefined;
  /** The bucket's. */
  readonly region: string;
}

/** Reads truststores from S3: when a domain name is made or changed, and never of its own accord. */
export class TruststoreReader {
  readonly #context: Pick<EmulatorContext, 'aws' | 'clock'>;

  constructor(context: Pick<EmulatorContext, 'aws' | 'clock'>) {
    this.#context = context;
  }

  /** @throws BadRequestException */
  async read(source: TruststoreSource): Promise<Truststore> {
    const [, bucket, key] = /^s3:\/\/([a-z0-9.-]+)\/(.+)$/s.exec(source.uri) ?? [];
    if (bucket === undefined || key === undefined) {
      throw badRequest(`Invalid truststore URI ${source.uri}. It takes the form s3://bucket-name/key-name`);
    }
    const path = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
    const query = source.version === undefined ? '' : `?versionId=${encodeURIComponent(source.version)}`;
    const response = await this.#get(`${path}${query}`, source.region);
    // Of an empty object there is no first byte to have.
    const isEmpty = response.status === 416;
    if (response.status >= 300 && !isEmpty) {
      throw badRequest(`Unable to access truststore URI ${source.uri} version ${source.version ?? 'N/A'}.`);
    }
    const bytes = Number(/\/(\d+)$/.exec(response.headers['content-range'] ?? '')?.[1] ?? response.body.length);
    if (bytes > MAX_TRUSTSTORE_BYTES) {
      throw badRequest(
        `Invalid truststore: it has ${bytes} bytes, more than the maximum of ${MAX_TRUSTSTORE_BYTES} bytes`,
      );
    }
    return new Truststore(isEmpty ? '' : response.body.toString('latin1'), this.#context.clock.now());
  }

  /** No more than is needed to see that it is too much. */
  async #get(target: string, region: string): Promise<InternalResponse> {
    const headers = { range: `bytes=0-${MAX_TRUSTSTORE_BYTES}` };
    return await this.#context.aws.send({ service: 's3', region, method: 'GET', target, headers, body: '' });
  }
}
