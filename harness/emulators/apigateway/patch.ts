import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest, validationError } from './errors.ts';

export interface Patch {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  /** The path's parts, unescaped: `~1` is a slash and `~0` a tilde. */
  readonly segments: readonly string[];
  readonly value: string | undefined;
}

const OPS = ['add', 'remove', 'move', 'test', 'replace', 'copy'];

/**
 * Reads the patch operations of an Update call. `input` is the name by which AWS's validation errors call the
 * request, such as `updateStageInput`. `move`, `test` and `copy` are valid operations that nothing here offers.
 */
export function readPatches(operations: readonly PatchOperation[] | undefined, input: string): Patch[] {
  const wrong = patchProblems(operations, input);
  if (wrong.length > 0) throw validationError(wrong);
  return (operations ?? []).map(({ op, path, value }) => {
    if (!path) throw badRequest('Invalid patch path null');
    if (op !== 'add' && op !== 'remove' && op !== 'replace') throw unsupportedOp(path, op);
    return { op, path, segments: segmentsOf(path), value };
  });
}

/** What the API's model has against the operations, for calls that have more to say against it. */
export function patchProblems(operations: readonly PatchOperation[] | undefined, input: string): string[] {
  return (operations ?? []).flatMap(({ op }, index) =>
    op !== undefined && OPS.includes(op)
      ? []
      : [
          `Value '${op}' at '${input}.patchOperations.${index + 1}.member.op' failed to satisfy constraint: ` +
            `Member must satisfy enum value set: [${OPS.join(', ')}]`,
        ],
  );
}

function segmentsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export const unsupportedOp = (path: string, op: string | undefined) =>
  badRequest(`Invalid patch path  '${path}' specified for op '${op}'. Please choose supported operations`);

export const unknownPath = (patch: Patch, known: readonly string[]) =>
  badRequest(
    `Invalid patch path  '${patch.path}' specified for op '${patch.op}'. Must be one of: [${known.join(', ')}]`,
  );

export const invalidPath = (patch: Patch) => badRequest(`Invalid patch path ${patch.path}`);

export function onlyReplace(patch: Patch): void {
  if (patch.op !== 'replace') throw badRequest('Invalid patch operation specified. Must be one of: [replace]');
}

/** Adds, replaces or removes one entry of a map-like member; `undefined` when it has become empty. */
export function patchEntry<T>(
  entries: Readonly<Record<string, T>> | undefined,
  key: string,
  op: Patch['op'],
  value: T,
): Record<string, T> | undefined {
  const { [key]: _removed, ...rest } = entries ?? {};
  const next = op === 'remove' ? rest : { ...rest, [key]: value };
  return Object.keys(next).length === 0 ? undefined : next;
}
