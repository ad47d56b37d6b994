import type { z } from 'zod';
import { UNKNOWN, type Value } from './intrinsics.ts';
import type { Node } from './node.ts';
import type { ResourceDeclaration } from './template.ts';
import { subjectAt, templateError } from './template-error.ts';

/**
 * The resource's properties as its type takes them. Of a value that is not known yet nothing is said, and then the
 * result must not be used.
 */
export function checkProperties(resource: ResourceDeclaration, value: Value | undefined, file: string): unknown {
  const result = resource.type.properties.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.filter((issue) => !isUnknown(value, issue.path));
  // A misspelt name first: it is why another one is missing.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue !== undefined) throw refusal(issue, resource, file);
  return undefined;
}

/** True if the path leads to, or passes, a value that is not known yet. */
function isUnknown(value: unknown, path: readonly PropertyKey[]): boolean {
  let inner = value;
  for (const step of path) {
    if (inner === UNKNOWN) return true;
    inner = (inner as Record<PropertyKey, unknown> | undefined)?.[step];
  }
  return inner === UNKNOWN;
}

function refusal(issue: z.core.$ZodIssue, resource: ResourceDeclaration, file: string): Error {
  const unsupported = issue.code === 'unrecognized_keys';
  const path = unsupported ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const subject = subjectAt(resource.properties, path, { file, path: resource.path, at: resource.at });
  const { type } = resource.type;
  if (!unsupported) {
    const sentence = isMissing(resource.properties, issue.path) ? 'is missing' : issue.message;
    return templateError('TEMPLATE_INVALID_PROPERTY', subject, `${sentence} (${type}).`);
  }
  const supported = keysAt(resource.type.properties, issue.path);
  const remedy = supported.length === 0 ? undefined : `Supported here are ${supported.join(', ')}.`;
  return templateError(
    'TEMPLATE_UNSUPPORTED_PROPERTY',
    subject,
    `naetmul does not support this property of ${type}.`,
    remedy,
  );
}

/** True if the template has a map that ought to hold what the path leads to, and does not. */
function isMissing(node: Node | undefined, [step, ...rest]: readonly PropertyKey[]): boolean {
  if (node?.kind === 'list') return isMissing(node.items[Number(step)], rest);
  if (node?.kind !== 'map' || step === undefined) return false;
  const entry = node.entries.get(String(step));
  return rest.length === 0 ? entry === undefined : isMissing(entry?.value, rest);
}

/** The property names that a schema takes at `path`; none where it takes any. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const { shape, element, unwrap } = schema as {
    shape?: Record<string, unknown>;
    element?: unknown;
    unwrap?: () => unknown;
  };
  if (shape === undefined && element === undefined && typeof unwrap === 'function') {
    return keysAt((schema as { unwrap(): unknown }).unwrap(), path);
  }
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(shape ?? {});
  const inner = typeof step === 'number' ? element : shape?.[String(step)];
  return inner === undefined ? [] : keysAt(inner, rest);
}
