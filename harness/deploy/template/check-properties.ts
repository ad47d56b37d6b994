import type { z } from 'zod';
import { UNKNOWN, type Value } from './intrinsics.ts';
import { positionOf } from './node.ts';
import type { ResourceDeclaration } from './template.ts';
import { type Subject, templateError, within } from './template-error.ts';

/**
 * The resource's properties as its type takes them. Of a value that is not known yet nothing is said, and then the
 * result must not be used.
 */
export function checkProperties(resource: ResourceDeclaration, value: Value | undefined, file: string): unknown {
  const result = resource.type.properties.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues.find((issue) => !isUnknown(value, issue.path));
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
  const start: Subject = { file, path: `${resource.logicalId}.Properties`, at: resource.at };
  const subject = within(start, path, positionOf(resource.properties, path, resource.at));
  const { type } = resource.type;
  if (!unsupported) {
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    const sentence = missing || isMissing(resource, issue.path) ? 'is missing' : issue.message;
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

function isMissing(resource: ResourceDeclaration, path: readonly PropertyKey[]): boolean {
  const key = path.at(-1);
  if (typeof key !== 'string') return false;
  let node: unknown = resource.properties;
  for (const step of path.slice(0, -1)) {
    const { entries, items } = node as { entries?: Map<string, { value: unknown }>; items?: unknown[] };
    node = entries?.get(String(step))?.value ?? items?.[Number(step)];
    if (node === undefined) return false;
  }
  const { entries } = node as { entries?: Map<string, unknown> };
  return entries !== undefined && !entries.has(key);
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
