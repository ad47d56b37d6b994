import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { RequestDescription } from '../load/connection.ts';
import { REGION, signedFor } from '../load/requests.ts';
import type { MeasureContext, Measurement, Readings } from '../measurement.ts';
import { awsAt } from '../rivals.ts';
import { median, quantile } from '../statistics.ts';

const BUCKET = 'bench';
const OBJECT = 'x'.repeat(1024);
const WARM_UP = 200;

export const s3Put: Measurement = {
  name: 's3-put',
  title: 'Latency of an S3 PutObject of 1 KiB through the edge, p50 of each round',
  rival: 'the same request straight to LocalStack, taking turns request by request',
  unit: 'ms',
  target: { of: 'difference', atMost: 1 },
  measure: (context) => compare(context, 'PUT'),
};

export const s3Get: Measurement = {
  name: 's3-get',
  title: 'Latency of an S3 GetObject of 1 KiB through the edge, p50 of each round',
  rival: 'the same request straight to LocalStack, taking turns request by request',
  unit: 'ms',
  measure: (context) => compare(context, 'GET'),
};

async function compare(context: MeasureContext, method: 'PUT' | 'GET'): Promise<Readings> {
  const { rounds, parts, progress } = context;
  const localStack = await parts.localStack();
  const bench = await parts.naetmul({ arguments: ['--engine', `localstack=${localStack}`] });
  const client = parts.loadClient();
  const { s3 } = parts.use(awsAt(localStack));
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  const through = (endpoint: string, verb: string): RequestDescription => ({
    method: verb,
    url: `${endpoint}/${BUCKET}/object`,
    headers: {
      Authorization: signedFor('s3'),
      'X-Amz-Date': '20260101T000000Z',
      'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
    },
    body: verb === 'PUT' ? OBJECT : '',
  });
  const run = (verb: string, count: number) =>
    client.run({ kind: 'latency', sides: [through(bench.edge, verb), through(localStack, verb)], count });

  progress('warming up');
  await run('PUT', WARM_UP);
  await run(method, WARM_UP);
  const edge: (readonly number[])[] = [];
  const direct: (readonly number[])[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round}: ${method} on both sides in turn`);
    const { sides } = await run(method, context.amount(400, 50));
    edge.push(sides[0] ?? []);
    direct.push(sides[1] ?? []);
  }
  const added = (q: number) => `${(quantile(edge.flat(), q) - quantile(direct.flat(), q)).toFixed(2)} ms`;
  const at = (times: readonly (readonly number[])[], q: number) => `${quantile(times.flat(), q).toFixed(2)} ms`;
  return {
    ours: edge.map(median),
    rival: direct.map(median),
    notes: [
      `Added at p50: ${added(0.5)}; at p99: ${added(0.99)} (${at(edge, 0.99)} through the edge, ${at(direct, 0.99)} directly)`,
      `Of ${edge.flat().length} requests a side`,
    ],
  };
}
