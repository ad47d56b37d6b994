import { once } from 'node:events';
import { createControlClient, type ControlClient } from '../control/client.ts';
import { spawnBench } from '../control/spawn.ts';

export interface AnotherBench extends AsyncDisposable {
  readonly bench: ControlClient;
}

/**
 * A second bench, in a process and with a LocalStack of its own, for stories about what the process itself is: its time
 * zone, its death. It shares the first one's OpenSearch and MySQL.
 */
export async function anotherBench(first: ControlClient, environment: Readonly<Record<string, string>>): Promise<AnotherBench> {
  const { opensearch, mysql } = await first.status();
  const shared = [
    ...(opensearch === null ? [] : [`opensearch=${opensearch}`]),
    ...(mysql === null ? [] : [`mysql=mysql://${mysql.user}:${mysql.password}@${mysql.host}:${mysql.port}`]),
  ];
  const { edge, child } = await spawnBench({
    arguments: ['--port', '0', '--mqtt-port', '0', '--offline', ...shared.flatMap((engine) => ['--engine', engine])],
    environment,
    output: 'ignore',
    detached: false,
  });
  const bench = createControlClient(edge);
  return {
    bench,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      await bench.stop();
      await gone;
    },
  };
}
