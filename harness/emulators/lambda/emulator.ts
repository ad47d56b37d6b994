import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import type { AsyncInvoker, EventSources } from './events/contract.ts';
import { CodeStore } from './functions/code.ts';
import { MappingStore } from './functions/mappings.ts';
import type { EventSourceMapping } from './functions/model.ts';
import { FunctionStore } from './functions/store.ts';
import type { LambdaHost } from './model.ts';
import { makeOperations } from './operations/index.ts';
import { runtimeFamily } from './runtimes/index.ts';

export interface LambdaEvents {
  readonly asyncInvoker: AsyncInvoker;
  readonly sources: EventSources;
}

/** What runs functions. Each is made when it is first needed. */
export interface LambdaMakers {
  /** The edge's base URL. */
  edgeUrl(): string;
  host(): Promise<LambdaHost>;
  events(functions: FunctionStore, host: LambdaHost): Promise<LambdaEvents>;
  /** @throws AwsError for patterns of `FilterCriteria` that are none */
  checkFilters(patterns: readonly string[], source: EventSourceMapping['kind']): Promise<void>;
}

/** Lambda's API before what runs functions. */
export function lambdaEmulator(context: EmulatorContext, makers: LambdaMakers): Emulator {
  const { clock, random, aws, log, dataDir } = context;
  const functions = new FunctionStore();
  const code = new CodeStore(dataDir, aws);
  const made: { host?: LambdaHost; events?: LambdaEvents } = {};
  const host = once(async () => {
    made.host = await makers.host();
    return made.host;
  });
  const events = once(async () => {
    made.events = await makers.events(functions, await host());
    return made.events;
  });
  const mappings = new MappingStore(
    async () => (await events()).sources,
    (error) => log.error('A poller did not stop.', error),
  );
  return {
    service: 'lambda',
    protocol: { kind: 'rest-json' },
    operations: makeOperations({
      clock,
      random,
      aws,
      functions,
      mappings,
      code,
      edgeUrl: () => makers.edgeUrl(),
      host,
      asyncInvoker: async () => (await events()).asyncInvoker,
      retire: async (arn) => await made.host?.retire(arn),
      canRun: (runtime) => runtimeFamily(runtime) !== undefined,
      checkFilters: (patterns, source) => makers.checkFilters(patterns, source),
    }),
    async stop() {
      // Told to end first, they do not try again when the host ends what they wait for.
      const ended = [made.events?.sources.clear(), made.events?.asyncInvoker.stop()];
      await made.host?.stop();
      await Promise.all(ended);
    },
    async reset() {
      // Told to end first, as above.
      const ended = [made.events?.sources.clear(), made.events?.asyncInvoker.clear()];
      mappings.clear();
      functions.clear();
      await made.host?.clear();
      await Promise.all(ended);
      await code.clear();
    },
    held: () => made.events?.asyncInvoker.held() ?? [],
  };
}

/** Makes something at the first call, and again when that failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let making: Promise<T> | undefined;
  return () => {
    making ??= make().catch((error: unknown) => {
      making = undefined;
      throw error;
    });
    return making;
  };
}
