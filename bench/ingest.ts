import type { StartedBench } from './parts.ts';

/** On how many connections senders post. */
export const CONNECTIONS = 64;
/** How long both sides are under load before anything counts: compilers, caches and pools settle. */
export const WARM_UP_MS = 3000;

/** The ingest pipeline as it is deployed now; a reset deploys it anew, at another URL. */
export async function ingestOf({ control }: StartedBench): Promise<{
  readonly url: string;
  readonly apiId: string;
  readonly stream: string;
  readonly bucket: string;
}> {
  const { ingest } = await control.outputs();
  const { Url: url, ApiId: apiId, StreamName: stream, BucketName: bucket } = ingest ?? {};
  if (!url || !apiId || !stream || !bucket) throw new Error('The ingest pipeline is not deployed.');
  return { url, apiId, stream, bucket };
}
