import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ClockControl, createClock } from '../../clock/index.ts';
import type { AwsError } from '../../edge/aws-error.ts';
import type { Call, EmulatorContext, Operation } from '../../edge/emulator.ts';
import type { LogSink } from '../../edge/sinks.ts';
import { createLogs } from './index.ts';

export const NOON = Date.UTC(2022, 0, 27, 12);
export const SCOPE = { region: 'ap-northeast-2', accountId: '000000000000' };
export const GROUP_ARN = 'arn:aws:logs:ap-northeast-2:000000000000:log-group:';

export interface LogsUnderTest {
  readonly clock: ClockControl;
  readonly sink: LogSink;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of all operations; the tests say what they expect.
  call(operation: string, input: object, scope?: Partial<typeof SCOPE>): any;
  reset(): Promise<void>;
  /** Makes a group with a stream in it. */
  make(group: string, stream: string): void;
}

/** The emulator on a clock that stands at noon on 27 January 2022. It goes away with the test. */
export async function startLogs(): Promise<LogsUnderTest> {
  const dataDir = mkdtempSync(join(tmpdir(), 'naetmul-logs-'));
  const clock = createClock();
  await clock.travelTo(NOON);
  const context = {
    clock,
    dataDir,
    log: { error: (message: string, cause?: unknown) => expectNone(message, cause) },
    defaults: SCOPE,
  } as unknown as EmulatorContext;
  const logs = createLogs(context);
  onTestFinished(async () => {
    await logs.stop?.();
    clock.close();
    rmSync(dataDir, { recursive: true });
  });
  const operations = new Map(logs.operations.map((operation) => [operation.schema[2], operation as Operation<object>]));
  const call: LogsUnderTest['call'] = (name, input, scope = {}) => {
    const operation = operations.get(name);
    if (!operation) throw new Error(`There is no operation ${name}.`);
    return operation.run(input, { ...SCOPE, ...scope } as Call);
  };
  return {
    clock,
    sink: logs.sink,
    call,
    async reset() {
      await logs.reset?.();
    },
    make(group, stream) {
      call('CreateLogGroup', { logGroupName: group });
      call('CreateLogStream', { logGroupName: group, logStreamName: stream });
    },
  };
}

/** The error that a call answers with, as `code: message`. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { code, message } = error as AwsError;
    return `${code}: ${message}`;
  }
  throw new Error('The call was not refused.');
}

function expectNone(message: string, cause: unknown): never {
  throw new Error(message, { cause });
}
