import type { LoadClient } from './client.ts';
import type { ThroughputJob, ThroughputResult } from './jobs.ts';

/** Puts the load on, and rejects when a request of it failed: a rate of failures is no rate. */
export async function mustSucceed(client: LoadClient, job: Omit<ThroughputJob, 'kind'>): Promise<ThroughputResult> {
  const result = await client.run({ kind: 'throughput', ...job });
  if (result.failed > 0) {
    throw new Error(`${result.failed} of ${result.ok + result.failed} requests failed: ${result.firstFailure}`);
  }
  return result;
}

/** Requests answered in a second. */
export function ratePerSecond({ ok, ms }: ThroughputResult): number {
  return (ok * 1000) / ms;
}
