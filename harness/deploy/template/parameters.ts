import type { MapNode, Node } from './node.ts';
import { type Subject, templateError, within } from './template-error.ts';

/** The value of a parameter: text, or a list of texts for the list types. */
export type ParameterValue = string | readonly string[];

type Rule = (value: string, expected: string) => boolean;

/** How each constraint judges a value. Source: CloudFormation user guide, "Parameters". */
const CONSTRAINTS: Readonly<Record<string, { readonly passes: Rule; readonly says: (expected: string) => string }>> = {
  AllowedPattern: {
    passes: (value, pattern) => new RegExp(`^(?:${pattern})$`, 'u').test(value),
    says: (pattern) => `must match ${pattern}`,
  },
  MinLength: { passes: (value, least) => value.length >= Number(least), says: (least) => `needs ${least} characters` },
  MaxLength: { passes: (value, most) => value.length <= Number(most), says: (most) => `takes ${most} characters` },
  MinValue: { passes: (value, least) => Number(value) >= Number(least), says: (least) => `must be ${least} or more` },
  MaxValue: { passes: (value, most) => Number(value) <= Number(most), says: (most) => `must be ${most} or less` },
};

const TYPES = ['String', 'Number', 'CommaDelimitedList', 'List<Number>'];
/** What a parameter may say besides that has no bearing on its value. */
const REMARKS = ['Description', 'ConstraintDescription', 'NoEcho'];

/**
 * The value of each parameter in the section: the one given, else its default, else, if it is a secret (`NoEcho`), what
 * `secretOf` makes up.
 */
export function readParameters(
  section: MapNode | undefined,
  given: Readonly<Record<string, string | number | boolean>>,
  subject: Subject,
  secretOf?: (parameter: string) => string,
): ReadonlyMap<string, ParameterValue> {
  const values = new Map<string, ParameterValue>();
  for (const [name, entry] of section?.entries ?? []) {
    const value = given[name] ?? (isSecret(entry.value) && !hasDefault(entry.value) ? secretOf?.(name) : undefined);
    values.set(name, readParameter(entry.value, value, within(subject, [name], entry.at)));
  }
  const unknown = Object.keys(given).find((name) => !values.has(name));
  if (unknown === undefined) return values;
  const remedy = values.size === 0 ? 'The template has none.' : `It has ${[...values.keys()].join(', ')}.`;
  throw templateError('TEMPLATE_PARAMETER', subject, `the template has no parameter ${unknown}.`, remedy);
}

/** Whether a parameter's value is to be shown to nobody. */
function isSecret(node: Node): boolean {
  const noEcho = node.kind === 'map' ? node.entries.get('NoEcho')?.value : undefined;
  return noEcho?.kind === 'scalar' && String(noEcho.value) === 'true';
}

function hasDefault(node: Node): boolean {
  return node.kind === 'map' && node.entries.has('Default');
}

function readParameter(node: Node, given: string | number | boolean | undefined, subject: Subject): ParameterValue {
  if (node.kind !== 'map') throw templateError('TEMPLATE_SYNTAX', subject, 'a parameter is a map with a Type.');
  for (const [key, { at }] of node.entries) {
    const known = ['Type', 'Default', 'AllowedValues', ...Object.keys(CONSTRAINTS), ...REMARKS].includes(key);
    if (!known) {
      throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', within(subject, [key], at), 'is not supported.');
    }
  }
  const type = scalarAt(node, 'Type', subject);
  if (type === undefined || !TYPES.includes(type)) {
    const sentence = `the parameter type ${type ?? '(none)'} is not supported.`;
    throw templateError('TEMPLATE_PARAMETER', subject, sentence, `Supported are ${TYPES.join(', ')}.`);
  }
  const text = given === undefined ? scalarAt(node, 'Default', subject) : String(given);
  if (text === undefined) {
    throw templateError('TEMPLATE_PARAMETER', subject, 'has no default and was given no value.', 'Give it a value.');
  }
  const isList = type === 'CommaDelimitedList' || type === 'List<Number>';
  const items = isList ? text.split(',').map((item) => item.trim()) : [text];
  for (const item of items) check(item, type, node, subject);
  return isList ? items : text;
}

function check(value: string, type: string, node: MapNode, subject: Subject): void {
  const shown = isSecret(node) ? 'the value' : `the value "${value}"`;
  const refuse = (sentence: string) => templateError('TEMPLATE_PARAMETER', subject, `${shown} ${sentence}.`);
  if (type.includes('Number') && (value.trim() === '' || Number.isNaN(Number(value)))) throw refuse('is not a number');
  const allowed = node.entries.get('AllowedValues')?.value;
  if (allowed !== undefined) {
    const values = allowed.kind === 'list' ? allowed.items.map((item) => scalarOf(item, subject)) : [];
    if (!values.includes(value)) throw refuse(`is not one of ${values.join(', ')}`);
  }
  for (const [name, { passes, says }] of Object.entries(CONSTRAINTS)) {
    const expected = scalarAt(node, name, subject);
    if (expected !== undefined && !passes(value, expected)) throw refuse(`breaks ${name}: it ${says(expected)}`);
  }
}

function scalarAt(node: MapNode, key: string, subject: Subject): string | undefined {
  const entry = node.entries.get(key);
  return entry === undefined ? undefined : scalarOf(entry.value, within(subject, [key], entry.at));
}

function scalarOf(node: Node, subject: Subject): string {
  if (node.kind === 'scalar') return String(node.value);
  throw templateError('TEMPLATE_SYNTAX', subject, 'must be a plain value; parameters cannot use intrinsic functions.');
}
