import { once } from 'node:events';
import { type ControlClient, createControlClient } from '../control/client.ts';
import { spawnBench } from '../control/spawn.ts';
import { type AwsClients, createAwsClients, createStoryClock, type StoryClock } from './bench.ts';
import { createIngest, type Ingest } from './ingest.ts';

export interface AnotherBench extends AsyncDisposable {
  readonly bench: ControlClient;
  readonly clock: StoryClock;
  readonly aws: AwsClients;
  readonly ingest: Ingest;
}

/**
 * A second bench, in a process and with a LocalStack of its own, for stories about what the process itself is: its time
 * zone, its death. It shares the first one's OpenSearch.
 */
export async function anotherBench(
  first: ControlClient,
  environment: Readonly<Record<string, string>>,
): Promise<AnotherBench> {
  const { opensearch, engines } = await first.status();
  const stack = engines.localstack?.source === 'docker' ? 'docker' : 'native';
  const shared = opensearch === null ? [] : [`opensearch=${opensearch}`];
  const { edge, child } = await spawnBench({
    arguments: [
      '--port',
      '0',
      '--mqtt-port',
      '0',
      '--offline',
      '--stack',
      stack,
      ...shared.flatMap((engine) => ['--engine', engine]),
    ],
    environment,
    output: 'ignore',
    detached: false,
  });
  const bench = createControlClient(edge);
  const aws = createAwsClients(edge);
  const ingest = await createIngest(bench, aws.s3);
  return {
    bench,
    clock: createStoryClock(bench),
    aws,
    ingest,
    async [Symbol.asyncDispose]() {
      ingest.close();
      aws.destroy();
      const gone = once(child, 'exit');
      await bench.stop();
      await gone;
    },
  };
}
