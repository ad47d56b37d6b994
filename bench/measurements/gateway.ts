import { CONNECTIONS, ingestOf, WARM_UP_MS } from '../ingest.ts';
import { post } from '../load/requests.ts';
import { mustSucceed, ratePerSecond } from '../load/run.ts';
import type { Measurement } from '../measurement.ts';
import { awsAt, createApi, createStream, deleteStream } from '../rivals.ts';

export const gateway: Measurement = {
  name: 'gateway',
  title: `Posts a second through the deployed ingest pipeline to Kinesis, on ${CONNECTIONS} connections`,
  rival: 'LocalStack’s own API Gateway with the same integration, on the same Kinesis',
  unit: '/s',
  target: { of: 'ratio', atLeast: 10 },
  async measure({ rounds, roundMs, parts, progress }) {
    const localStack = await parts.localStack();
    const bench = await parts.naetmul({
      arguments: ['--engine', `localstack=${localStack}`, '--engine', 'kinesis=localstack'],
    });
    const client = parts.loadClient();
    const direct = parts.use(awsAt(localStack));
    const load = (url: string, forMs: number) =>
      mustSucceed(client, { connections: CONNECTIONS, requests: [{ request: post(url), times: 1 }], forMs });

    const stream = 'bench-rival';
    const apiId = await createApi(direct, stream);
    const rivalUrl = `${localStack}/_aws/execute-api/${apiId}/PROD/v1`;

    const ours: number[] = [];
    const rival: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      // Round 0 only warms up both sides.
      const forMs = round === 0 ? WARM_UP_MS : roundMs;
      progress(round === 0 ? 'warming up' : `round ${round}: through naetmul`);
      const { url } = await ingestOf(bench);
      const mine = ratePerSecond(await load(url, forMs));
      await bench.control.reset();
      if (round > 0) progress(`round ${round}: through LocalStack`);
      await createStream(direct, stream);
      const theirs = ratePerSecond(await load(rivalUrl, forMs));
      await deleteStream(direct, stream);
      if (round === 0) continue;
      ours.push(mine);
      rival.push(theirs);
    }
    return { ours, rival };
  },
};
