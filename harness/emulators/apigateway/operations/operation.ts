import type { StaticOperationSchema } from '@smithy/types';
import type { Clock, Random } from '../../../clock/index.ts';
import type { Call, Operation, TlsNames } from '../../../edge/emulator.ts';
import type { Authorizers } from '../access/authorizers.ts';
import type { TruststoreReader } from '../domain-names/read-truststore.ts';
import type { Store } from '../store/store.ts';
import type { TestInvoke } from '../test-invoke/test-invoke.ts';

/** What operations work on. */
export interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly authorizers: Authorizers;
  readonly testInvoke: TestInvoke;
  readonly truststores: TruststoreReader;
  /** Undefined where custom domain names answer over plain HTTP only. */
  readonly tls: TlsNames | undefined;
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
