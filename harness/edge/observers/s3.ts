import { ids, type Ledger } from '../../ledger/index.ts';
import { bucketInHost, hostName } from '../host.ts';
import { splitTarget } from '../route.ts';
import type { PassedCall, PassThroughObserver } from './observer.ts';

export type S3Operation = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload' | 'DeleteObject';

export interface S3Call {
  readonly operation: S3Operation;
  readonly bucket: string;
  readonly key: string;
}

/** The answer of CompleteMultipartUpload and CopyObject, which has the object's ETag. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** Writes down which objects were put, copied, put together and deleted. */
export function s3Observer({ ledger }: { readonly ledger: Ledger }): PassThroughObserver {
  return {
    requestBytes: 0,
    responseBytes: MAX_RESPONSE_BYTES,
    matches: (call) => s3Call(call) !== undefined,
    observe(call, outcome) {
      const s3 = s3Call(call);
      if (!s3 || call.writesOwnEntries) return;
      const { operation, bucket, key } = s3;
      const entry = { where: `s3/${bucket}`, into: [ids.object(bucket, key)], cause: call.cause };
      if (outcome.kind === 'unknown') {
        ledger.append({ ...entry, what: 'noted', detail: { operation, outcome: 'unknown', reason: outcome.reason } });
        return;
      }
      const etag = etagOf(outcome.headers.etag, outcome.responseBody);
      const bytes = operation === 'PutObject' ? bytesOf(call) : undefined;
      ledger.append({
        ...entry,
        what: 'noted',
        detail: {
          operation,
          status: outcome.status,
          ...(bytes === undefined ? {} : { bytes }),
          ...(etag === undefined ? {} : { etag }),
        },
      });
    },
  };
}

/** Query parameters that make a PUT or DELETE concern something of an object other than its content. */
const SUBRESOURCES = ['acl', 'tagging', 'retention', 'legal-hold', 'torrent', 'uploadId', 'partNumber', 'annotation'];

/** Which of the watched operations a request calls, or undefined. */
export function s3Call({ request, service }: Pick<PassedCall, 'request' | 'service'>): S3Call | undefined {
  const { method, target, headers } = request;
  if (service !== 's3' || (method !== 'PUT' && method !== 'POST' && method !== 'DELETE')) return undefined;
  const { path, query } = splitTarget(target);
  const object = objectOf(path, hostName(headers.host));
  if (!object) return undefined;
  const parameters = new URLSearchParams(query);
  if (method === 'POST') {
    return parameters.has('uploadId') ? { operation: 'CompleteMultipartUpload', ...object } : undefined;
  }
  if (SUBRESOURCES.some((name) => parameters.has(name))) return undefined;
  if (method === 'DELETE') return { operation: 'DeleteObject', ...object };
  return { operation: headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject', ...object };
}

function objectOf(path: string, host: string | undefined): { bucket: string; key: string } | undefined {
  const inHost = bucketInHost(host, 's3');
  const slash = path.indexOf('/', 1);
  const bucket = inHost ?? (slash < 0 ? path.slice(1) : path.slice(1, slash));
  const key = inHost === undefined ? (slash < 0 ? '' : path.slice(slash + 1)) : path.slice(1);
  if (bucket === '' || key === '') return undefined;
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    return undefined;
  }
}

function bytesOf({ request }: PassedCall): number | undefined {
  const length = request.headers['x-amz-decoded-content-length'] ?? request.headers['content-length'];
  return length === undefined ? request.body.inMemory?.length : Number(length);
}

function etagOf(header: string | string[] | undefined, body: Buffer | undefined): string | undefined {
  if (typeof header === 'string') return header.replaceAll('"', '');
  return /<ETag>(?:"|&quot;|&#34;)?([^<"&]+)/.exec(body?.toString() ?? '')?.[1];
}
