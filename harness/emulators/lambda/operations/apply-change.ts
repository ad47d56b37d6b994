import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { type Code, type Configuration, type LambdaFunction, revisionOf, shapeOf } from '../functions/function.ts';
import type { Parts } from './operation.ts';

/** @throws PreconditionFailedException */
export function checkRevision({ revisionId }: LambdaFunction, given: string | undefined): void {
  if (given && given !== revisionId) throw errors.staleRevision('GetFunction/GetAlias');
}

/** Gives a function new code or another configuration, and says what the answer shows of it. */
export function applyChange(
  { clock, random }: Parts,
  changed: LambdaFunction,
  change: { readonly code?: Code; readonly configuration?: Configuration },
): FunctionConfiguration {
  Object.assign(changed, change);
  changed.lastModified = clock.now();
  changed.revision = revisionOf(changed, random.uuid());
  changed.revisionId = random.uuid();
  const shown = shapeOf(changed, 'updated');
  // The update is done at once, and that is a revision of its own.
  changed.revisionId = random.uuid();
  return shown;
}
