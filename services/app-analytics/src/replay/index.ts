import type { S3Client } from '@aws-sdk/client-s3';
import type { OpenSearch } from '../opensearch.ts';
import { failedObjects } from './failed-objects.ts';
import { type Bulk, type BulkItem, type ReplayOptions, replayFailed } from './replay.ts';

export { describeReport, isComplete } from './describe.ts';
export { type ReplayReport, ReplayStopped } from './replay.ts';

export interface BucketReplayOptions extends Pick<ReplayOptions, 'index' | 'dryRun' | 'sleep'> {
  readonly s3: S3Client;
  readonly openSearch: OpenSearch;
  readonly bucket: string;
  /** What the keys begin with, such as `failed_`. */
  readonly prefix: string;
}

/** Puts the documents again that Firehose backed up in a bucket: see `replayFailed`. */
export function replayFromBucket({ s3, openSearch, bucket, prefix, ...options }: BucketReplayOptions) {
  return replayFailed({ ...options, objects: failedObjects({ s3, bucket, prefix }), bulk: bulkOf(openSearch) });
}

/** Bulk requests whose documents can be found at once. */
export function bulkOf(openSearch: OpenSearch): Bulk {
  return async (lines) => {
    type Answer = { readonly items: readonly Readonly<Record<string, BulkItem>>[] };
    const request = { method: 'POST', path: '/_bulk', query: { refresh: true }, body: lines } as const;
    const { items } = await openSearch.ask<Answer>(request);
    return items.flatMap((item) => Object.values(item));
  };
}
