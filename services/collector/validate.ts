import type * as z from 'zod';

/** How many things that are wrong are named, and how much is repeated of a name that a sender made up. */
const NAMED_ISSUES = 5;
const REPEATED_CHARACTERS = 60;

export type Validated<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/**
 * Checks what came from outside. `reason` names each field that is wrong: `user_id is missing; colour is not a known
 * field`. `whole` is what the value itself is called: `the body`.
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown, whole: string): Validated<z.output<S>> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const reasons = result.error.issues.flatMap((issue) => reasonsOf(issue, whole));
  const more = reasons.length - NAMED_ISSUES;
  return { ok: false, reason: reasons.slice(0, NAMED_ISSUES).join('; ') + (more > 0 ? `; and ${more} more` : '') };
}

function reasonsOf(issue: z.core.$ZodIssue, whole: string): string[] {
  const field = issue.path.length === 0 ? whole : issue.path.join('.');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `${[...issue.path, shorten(key)].join('.')} is not a known field`);
    case 'invalid_type':
      if (issue.input === undefined) return [`${field} is missing`];
      return [`${field} must be ${withArticle(issue.expected)}, not ${kindOf(issue.input)}`];
    default:
      return [`${field} ${issue.message}`];
  }
}

function withArticle(type: string): string {
  if (type === 'object') return 'a JSON object';
  return `a ${type}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' && !Number.isFinite(value)) return 'one that is too large';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= REPEATED_CHARACTERS ? name : `${characters.slice(0, REPEATED_CHARACTERS).join('')}…`;
}
