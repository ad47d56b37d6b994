import type { StaticOperationSchema } from '@smithy/types';
import type { Clock, Random } from '../../../clock/index.ts';
import type { Call, Operation } from '../../../edge/emulator.ts';
import type { Authorizers } from '../access/authorizers.ts';
import type { Store } from '../store/store.ts';

/** What operations work on. */
export interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorizers: Authorizers;
}

/** An operation waiting for the parts it works on. */
export type OperationMaker = (parts: Parts) => Operation;

export function operation<Input, Output>(
  schema: StaticOperationSchema,
  run: (parts: Parts, input: Input, call: Call) => Output,
): OperationMaker {
  return (parts) => {
    const made: Operation<Input, Output> = { schema, run: (input, call) => run(parts, input, call) };
    return made as Operation;
  };
}
