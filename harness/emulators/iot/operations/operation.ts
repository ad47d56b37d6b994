import type { StaticOperationSchema } from '@smithy/types';
import type { Clock, Random } from '../../../clock/index.ts';
import type { Operation } from '../../../edge/emulator.ts';
import type { Issuer } from '../certificates/issuer.ts';
import type { Home } from '../registry/home.ts';
import type { IotRegistry } from '../registry/registry.ts';

/** What operations work on. */
export interface Parts {
  readonly clock: Clock;
  readonly random: Random;
  readonly registry: IotRegistry;
  /** Made at the first call. */
  issuer(): Promise<Issuer>;
}

/** An operation waiting for the parts it works on. */
export type OperationMaker = (parts: Parts) => Operation;

/** Operations that change nothing. */
const READS = /^(?:Describe|Get|List)/;

/** @param run what it does in the home of the call's account and region */
export function operation<Input, Output>(
  schema: StaticOperationSchema,
  run: (home: Home, input: Input, parts: Parts) => Promise<Output> | Output,
): OperationMaker {
  return (parts) => {
    const made: Operation<Input, Output> = {
      schema,
      async run(input, call) {
        const output = await run(parts.registry.of(call), input, parts);
        if (!READS.test(schema[2])) parts.registry.changed();
        return output;
      },
    };
    return made as Operation;
  };
}
