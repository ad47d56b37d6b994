import type { StaticOperationSchema } from '@smithy/types';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';

/** The number that operations' schemas begin with. */
const OPERATION: StaticOperationSchema[0] = 9;

/**
 * The operations of an API that are none of `played`, each refused by its name. Their inputs are not read: that would
 * keep the bindings of hundreds of shapes in memory for nothing.
 *
 * @param api an SDK client's module
 */
export function makeRefusals(api: Readonly<Record<string, unknown>>, played: readonly Operation[]): Operation[] {
  const names = new Set(played.map(({ schema }) => schema[2]));
  return Object.values(api)
    .filter(isOperation)
    .filter(([, , name]) => !names.has(name))
    .map(([kind, namespace, name, traits]) => ({
      schema: [kind, namespace, name, traits, 'unit', 'unit'],
      run() {
        throw errors.unsupported(`the operation ${name}`);
      },
    }));
}

function isOperation(value: unknown): value is StaticOperationSchema {
  return Array.isArray(value) && value[0] === OPERATION;
}
