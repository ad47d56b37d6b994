import type { StaticOperationSchema } from '@smithy/types';
import type { Operation } from '../../../edge/emulator.ts';
import { errors, withRequestId } from '../errors.ts';

/** The number that operations' schemas begin with. */
const OPERATION: StaticOperationSchema[0] = 9;

/**
 * The operations of the API that are none of `played`, each refused by its name; their inputs are not read.
 *
 * @param api the SDK client's module
 */
export function makeRefusals(api: Readonly<Record<string, unknown>>, played: readonly Operation[]): Operation[] {
  const names = new Set(played.map(({ schema }) => schema[2]));
  return Object.values(api)
    .filter((value): value is StaticOperationSchema => Array.isArray(value) && value[0] === OPERATION)
    .filter(([, , name]) => !names.has(name))
    .map(([kind, namespace, name, traits]) => ({
      schema: [kind, namespace, name, traits, 'unit', 'unit'],
      run(_input, { requestId }) {
        throw withRequestId(errors.unsupported(`the operation ${name}`), requestId);
      },
    }));
}
