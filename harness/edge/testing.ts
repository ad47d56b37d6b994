import { createClock, createRandom } from '../clock/index.ts';
import type { Entry, Ledger, NewEntry } from '../ledger/index.ts';
import type { Call, Emulator, Log, Operation } from './emulator.ts';
import { createEdge, type Edge, type EdgeOptions } from './index.ts';

/** What a test sees of an edge that it made. */
export interface TestEdge extends AsyncDisposable {
  readonly edge: Edge;
  readonly url: string;
  readonly entries: Entry[];
  readonly logged: { readonly message: string; readonly cause: unknown }[];
  readonly clock: ReturnType<typeof createClock>;
}

/** A listening edge on a free port, without LocalStack unless `upstream` says otherwise. */
export async function testEdge(options: Partial<EdgeOptions> = {}, emulators: Emulator[] = []): Promise<TestEdge> {
  const clock = createClock();
  const entries: Entry[] = [];
  const logged: { message: string; cause: unknown }[] = [];
  const edge = createEdge({
    clock,
    random: createRandom('edge test'),
    ledger: listLedger(entries),
    log: { info() {}, warn() {}, error: (message, cause) => void logged.push({ message, cause }) } satisfies Log,
    defaults: { region: 'us-east-1', accountId: '000000000000' },
    port: 0,
    upstream: () => undefined,
    ...options,
  });
  for (const emulator of emulators) edge.register(emulator);
  const { url } = await edge.listen();
  return {
    edge,
    url,
    entries,
    logged,
    clock,
    async [Symbol.asyncDispose]() {
      await edge.close();
      clock.close();
    },
  };
}

function listLedger(entries: Entry[]): Ledger {
  return {
    append(entry: NewEntry, t = 0) {
      entries.push({ ...entry, n: entries.length + 1, t });
      return entries.length;
    },
  };
}

/** An operation that remembers its inputs and answers with what `answer` says. */
export function recorded(
  schema: Operation['schema'],
  answer: (input: Record<string, unknown>, call: Call) => unknown,
): Operation & { readonly inputs: Record<string, unknown>[] } {
  const inputs: Record<string, unknown>[] = [];
  const operation: Operation<Record<string, unknown>> & { inputs: Record<string, unknown>[] } = {
    schema,
    inputs,
    run(input, call) {
      inputs.push(input);
      return answer(input, call);
    },
  };
  return operation;
}

/** What an SDK client needs to reach the edge over TCP. */
export const sdk = (url: string) => ({
  endpoint: url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});
