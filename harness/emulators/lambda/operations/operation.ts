import type { StaticOperationSchema } from '@smithy/types';
import type { Clock, Random } from '../../../clock/index.ts';
import type { AwsAccess, Call, Operation } from '../../../edge/emulator.ts';
import type { AsyncInvoker } from '../events/contract.ts';
import type { CodeStore } from '../functions/code.ts';
import type { MappingStore } from '../functions/mappings.ts';
import type { EventSourceMapping } from '../functions/model.ts';
import type { FunctionStore } from '../functions/store.ts';
import type { LambdaHost } from '../model.ts';

/** What operations work on. What is heavy is loaded when it is first asked for. */
export interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly aws: AwsAccess;
  readonly functions: FunctionStore;
  readonly mappings: MappingStore;
  readonly code: CodeStore;
  /** The edge's base URL. */
  edgeUrl(): string;
  host(): Promise<LambdaHost>;
  asyncInvoker(): Promise<AsyncInvoker>;
  /** Ends the environments of a function that was deleted. */
  retire(arn: string): Promise<void>;
  /** Whether functions of the runtime can run here. */
  canRun(runtime: string): boolean;
  /**
   * Checks the patterns of `FilterCriteria`.
   *
   * @throws InvalidParameterValueException
   */
  checkFilters(patterns: readonly string[], source: EventSourceMapping['kind']): Promise<void>;
}

/** An operation waiting for the parts it works on. */
export type OperationMaker = (parts: Parts) => Operation;

export function operation<Input, Output>(
  schema: StaticOperationSchema,
  run: (parts: Parts, input: Input, call: Call) => Promise<Output> | Output,
  about: Pick<Operation, 'payloadType'> = {},
): OperationMaker {
  return (parts) => {
    const made: Operation<Input, Output> = { schema, ...about, run: (input, call) => run(parts, input, call) };
    return made as Operation;
  };
}
