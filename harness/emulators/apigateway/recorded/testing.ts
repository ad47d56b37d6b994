import { expect } from 'vitest';
import type { TestGateway } from '../testing.ts';

/** What was recorded of real AWS, in our own words: see docs/fidelity/apigateway-recorded.md. */

const refused = (code: string, status: number) => (message: string) =>
  expect.objectContaining({ code, status, message });

export const bad = refused('BadRequestException', 400);
export const missing = refused('NotFoundException', 404);
export const conflict = refused('ConflictException', 409);
export const unreadable = refused('SerializationException', 400);
export const violation = (...problems: readonly string[]) =>
  refused(
    'ValidationException',
    400,
  )(`${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: ${problems.join('; ')}`);

export const NO_RESOURCE = missing('Invalid Resource identifier specified');
export const NO_METHOD = missing('Invalid Method identifier specified');
export const NO_INTEGRATION = missing('Invalid Integration identifier specified');

/** An operation of a patch. */
export const change = (op: string, path?: string, value?: string) => ({ op, path, value });

export const opProblem = (input: string, op: string, n = 1) =>
  `Value '${op}' at '${input}.patchOperations.${n}.member.op' failed to satisfy constraint: ` +
  'Member must satisfy enum value set: [add, remove, move, test, replace, copy]';

export const CODE_PROBLEM =
  "Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d";

/** An API with a resource `/pets`. */
export async function api({ call }: TestGateway) {
  const { id: restApiId, rootResourceId } = await call('CreateRestApi', { name: 'recorded' });
  const { id: resourceId } = await call('CreateResource', { restApiId, parentId: rootResourceId, pathPart: 'pets' });
  return { restApiId: restApiId as string, rootResourceId: rootResourceId as string, resourceId: resourceId as string };
}
