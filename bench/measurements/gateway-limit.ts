import { CONNECTIONS, ingestOf, WARM_UP_MS } from '../ingest.ts';
import { jsonCall, post, SENSOR_READING } from '../load/requests.ts';
import { mustSucceed, ratePerSecond } from '../load/run.ts';
import type { Measurement } from '../measurement.ts';
import { awsAt, createStream, deleteStream } from '../rivals.ts';

/** The most that one PutRecords takes. */
const RECORDS = 500;
/** PutRecords under way at once: more only wait for each other. */
const WRITERS = 4;

export const gatewayLimit: Measurement = {
  name: 'gateway-limit',
  title: `Posts a second through the deployed ingest pipeline to Kinesis, on ${CONNECTIONS} connections`,
  rival: `the machine’s limit: records a second in PutRecords of ${RECORDS}, straight to LocalStack’s Kinesis`,
  unit: '/s',
  async measure({ rounds, roundMs, parts, progress }) {
    const localStack = await parts.localStack();
    const bench = await parts.naetmul({
      arguments: ['--engine', `localstack=${localStack}`, '--engine', 'kinesis=localstack'],
    });
    const client = parts.loadClient();
    const direct = parts.use(awsAt(localStack));
    const stream = 'bench-limit';
    const putRecords = jsonCall(localStack, 'kinesis', 'Kinesis_20131202.PutRecords', {
      StreamName: stream,
      Records: Array.from({ length: RECORDS }, (_, index) => ({
        Data: Buffer.from(SENSOR_READING).toString('base64'),
        PartitionKey: `sender-${index}`,
      })),
    });

    const ours: number[] = [];
    const rival: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const forMs = round === 0 ? WARM_UP_MS : roundMs;
      progress(round === 0 ? 'warming up' : `round ${round}: single posts through naetmul`);
      const request = post((await ingestOf(bench)).url);
      const posts = await mustSucceed(client, { connections: CONNECTIONS, requests: [{ request, times: 1 }], forMs });
      await bench.control.reset();
      if (round > 0) progress(`round ${round}: PutRecords straight to LocalStack`);
      await createStream(direct, stream);
      const puts = await mustSucceed(client, {
        connections: WRITERS,
        requests: [{ request: putRecords, times: 1 }],
        forMs,
      });
      await deleteStream(direct, stream);
      if (round === 0) continue;
      ours.push(ratePerSecond(posts));
      rival.push(ratePerSecond(puts) * RECORDS);
    }
    return { ours, rival };
  },
};
