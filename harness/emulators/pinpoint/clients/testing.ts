import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createRandom } from '../../../clock/index.ts';
import type { EmulatorContext } from '../../../edge/emulator.ts';
import { type TestEdge, testEdge } from '../../../edge/testing.ts';
import { localstackTool, nativeLocalStack } from '../../../engines/localstack/index.ts';
import { startEngine } from '../../../engines/testing.ts';
import { type ConservationReport, checkConservation, LedgerStore } from '../../../ledger/index.ts';
import { createFirehose } from '../../firehose/index.ts';
import { createPinpoint } from '../index.ts';

const run = promisify(execFile);

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

/** The real LocalStack behind an edge with Pinpoint and Firehose, and programs that reach it as they would AWS. */
export interface ClientsBench extends AsyncDisposable, TestEdge {
  readonly ledger: LedgerStore;
  /** Runs a Python script with boto3; what it prints, parsed. */
  python(script: string): Promise<unknown>;
  /** Runs the AWS CLI; what it prints, parsed. */
  cli(...args: readonly string[]): Promise<unknown>;
  conservation(): ConservationReport;
}

export async function clientsBench(): Promise<ClientsBench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-pinpoint-'));
  const localstack = await startEngine(nativeLocalStack(), join(dataDir, 'localstack'));
  let ledger: LedgerStore | undefined;
  const edge = await testEdge({
    upstream: () => localstack.endpoint,
    ledger: { append: (entry, t) => (ledger as LedgerStore).append(entry, t) },
  });
  const store = new LedgerStore(':memory:', () => edge.clock.now());
  ledger = store;
  const silent = () => undefined;
  const context: EmulatorContext = {
    clock: edge.clock,
    random: createRandom('pinpoint clients'),
    ledger: store,
    aws: edge.edge.access,
    dataDir,
    log: { info: silent, warn: silent, error: silent },
    defaults: { region: REGION, accountId: ACCOUNT },
  };
  const emulators = [
    createPinpoint(context),
    createFirehose(context, { metrics: { count: silent }, logs: { put: silent } }),
  ];
  for (const emulator of emulators) edge.edge.register(emulator);
  const env = {
    HOME: dataDir,
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: edge.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DEFAULT_REGION: REGION,
  };
  return {
    ...edge,
    ledger: store,
    async python(script) {
      const file = join(dataDir, 'script.py');
      await writeFile(file, script);
      return JSON.parse((await run(localstackTool('python'), [file], { env })).stdout);
    },
    async cli(...args) {
      const { stdout } = await run(localstackTool('aws'), ['--output', 'json', ...args], { env });
      return stdout.trim() === '' ? undefined : JSON.parse(stdout);
    },
    conservation: () =>
      checkConservation(
        store,
        emulators.flatMap((emulator) => emulator.held?.() ?? []),
      ),
    async [Symbol.asyncDispose]() {
      for (const emulator of emulators) await emulator.stop?.();
      await edge.clock.settled();
      await edge[Symbol.asyncDispose]();
      store[Symbol.dispose]();
      await localstack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
