import { isObject, type Json, NumberText, parseSpelled, type Scalar, sameScalar } from './json.ts';
import type { Pattern, Rule } from './pattern.ts';

/**
 * A record's content, which is text or JSON: a pattern that is an object sees the one, a pattern that is a list of
 * values the other, and where the content is not of the pattern's kind nothing matches.
 */
export class Content {
  readonly text: string;
  #json: Json | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Undefined unless it is a JSON object or array. */
  get json(): Json | undefined {
    this.#json ??= /^\s*[[{]/.test(this.text) ? parseSpelled(this.text) : undefined;
    return this.#json;
  }
}

/** A record as patterns see it: its own fields, one of which is the content. */
export type Subject = { readonly [name: string]: Json | Content };

export function matches(pattern: Pattern, subject: Subject): boolean {
  for (const [name, part] of pattern.fields) {
    const value = subject[name];
    if (!(value instanceof Content)) {
      if (!fieldMatches(part, value)) return false;
      continue;
    }
    if (isRules(part)) {
      if (value.json !== undefined || !leafMatches(part, value.text)) return false;
    } else if (value.json === undefined || !nodeMatches(part, value.json)) {
      return false;
    }
  }
  return pattern.anyOf.every((alternatives) => alternatives.some((one) => matches(one, subject)));
}

function fieldMatches(part: Pattern | readonly Rule[], value: Json | undefined): boolean {
  return isRules(part) ? leafMatches(part, value) : nodeMatches(part, value);
}

/** An array of objects matches when one of them matches in every respect. */
function nodeMatches(pattern: Pattern, value: Json | undefined): boolean {
  if (Array.isArray(value) && value.length > 0) return value.some((element: Json) => nodeMatches(pattern, element));
  const object = isObject(value) ? value : {};
  for (const [name, part] of pattern.fields) {
    if (!fieldMatches(part, Object.hasOwn(object, name) ? object[name] : undefined)) return false;
  }
  return pattern.anyOf.every((alternatives) => alternatives.some((one) => nodeMatches(one, value)));
}

/** An array matches when one of its elements does. What is an object counts as absent: only leaves exist. */
function leafMatches(rules: readonly Rule[], value: Json | undefined): boolean {
  const leaves = leavesOf(value);
  return rules.some((rule) =>
    rule.kind === 'exists' ? rule.wanted === leaves.length > 0 : leaves.some((leaf) => ruleMatches(rule, leaf)),
  );
}

function leavesOf(value: Json | undefined): Scalar[] {
  if (value === undefined || isObject(value)) return [];
  return Array.isArray(value) ? value.flatMap((element: Json) => leavesOf(element)) : [value as Scalar];
}

function ruleMatches(rule: Exclude<Rule, { kind: 'exists' }>, leaf: Scalar): boolean {
  switch (rule.kind) {
    case 'equals':
      return sameScalar(rule.value, leaf);
    case 'anything-but':
      return !rule.values.some((value) => sameScalar(value, leaf));
    case 'numeric':
      return leaf instanceof NumberText && rule.tests.every((test) => holds(leaf.value, test.operator, test.limit));
    case 'prefix':
      return typeof leaf === 'string' && leaf.startsWith(rule.text);
    case 'suffix':
      return typeof leaf === 'string' && leaf.endsWith(rule.text);
    case 'equals-ignore-case':
      return typeof leaf === 'string' && leaf.toLowerCase() === rule.text.toLowerCase();
  }
}

function holds(value: number, operator: string, limit: number): boolean {
  if (operator === '=') return value === limit;
  if (operator === '<') return value < limit;
  if (operator === '<=') return value <= limit;
  if (operator === '>') return value > limit;
  return value >= limit;
}

function isRules(part: Pattern | readonly Rule[]): part is readonly Rule[] {
  return Array.isArray(part);
}
