import { readFile } from 'node:fs/promises';
import { loadResourceType, supportedTypes } from '../resources/index.ts';
import { expandServerless } from '../sam/index.ts';
import { checkingScope, withNeeds } from './check-names.ts';
import { readMappings } from './mappings.ts';
import type { MapEntry, MapNode, Node } from './node.ts';
import { sortByNeeds } from './order.ts';
import { readParameters } from './parameters.ts';
import { parseTemplateText } from './parse.ts';
import { mapOf, RESOURCE_KEYS, refuseOtherKeys, sectionOf, textAt } from './shape.ts';
import type { ConditionDeclaration, OutputDeclaration, ResourceDeclaration, Template } from './template.ts';
import { type Subject, templateError, within, withinEntry } from './template-error.ts';

export interface LoadOptions {
  /** Values for the template's parameters; those left out take their defaults. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** Makes up the value of a secret (`NoEcho`) that has no default and was given no value. */
  readonly secretOf?: (parameter: string) => string;
}

/** What a template, a resource and an output may have. `Metadata` and descriptions change nothing that is made. */
const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Transform',
  'Globals',
  'Parameters',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
];
/** Source: CloudFormation user guide, "DeletionPolicy attribute". */
const WITH_SNAPSHOTS = ['AWS::RDS::DBInstance'];
const OUTPUT_KEYS = ['Value', 'Description', 'Condition'];

/**
 * Reads and checks a CloudFormation template. Nothing is made yet, and yet everything that naetmul cannot make is
 * refused here, by a `TEMPLATE_…` error that names file, line, logical id and property.
 */
export async function loadTemplate(file: string, options: LoadOptions = {}): Promise<Template> {
  const start = { line: 1, column: 1 };
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw templateError('TEMPLATE_UNREADABLE', { file, path: '', at: start }, `cannot be read: ${cause.message}.`);
  });
  return checkTemplate(parseTemplateText(text, file), file, options);
}

export async function checkTemplate(root: Node, file: string, options: LoadOptions = {}): Promise<Template> {
  const subject: Subject = { file, path: '', at: root.at };
  const sections = mapOf(root, subject, 'a template is a map of sections');
  for (const [name, { at }] of sections.entries) {
    if (SECTIONS.includes(name)) continue;
    const sentence = `the section ${name} is not supported.`;
    const remedy = `Supported are ${SECTIONS.join(', ')}.`;
    throw templateError('TEMPLATE_UNSUPPORTED_SECTION', { ...subject, at }, sentence, remedy);
  }
  const parameters = readParameters(
    sectionOf(sections, 'Parameters', subject),
    options.parameters ?? {},
    within(subject, ['Parameters'], sections.entries.get('Parameters')?.at ?? root.at),
    options.secretOf,
  );
  const mappings = readMappings(sectionOf(sections, 'Mappings', subject), subject);
  const conditions = new Map<string, ConditionDeclaration>(sectionOf(sections, 'Conditions', subject)?.entries);
  const declared = sectionOf(sections, 'Resources', subject);
  if (declared === undefined) throw templateError('TEMPLATE_SYNTAX', subject, 'has no Resources.');
  const outputs = readOutputs(sectionOf(sections, 'Outputs', subject), subject);
  const resources = new Map<string, ResourceDeclaration>();
  const absent = new Map<string, string>();
  const template: Template = { file, parameters, mappings, conditions, resources, absent, outputs };
  const scope = checkingScope(template);
  for (const [name, { at }] of conditions) scope.condition(name, within(subject, ['Conditions', name], at));
  for (const [logicalId, entry] of await expandServerless(sections, declared, file)) {
    const condition = conditionOf(entry.value, { file, path: logicalId, at: entry.at });
    const made = condition === undefined || scope.condition(condition.name, condition.subject);
    if (made === false && condition) absent.set(logicalId, condition.name);
    else resources.set(logicalId, await readResource(logicalId, entry, condition?.name, file));
  }
  return inOrder(withNeeds(template));
}

function conditionOf(node: Node, subject: Subject): { name: string; subject: Subject } | undefined {
  const entry = node.kind === 'map' ? node.entries.get('Condition') : undefined;
  const name = node.kind === 'map' ? textAt(node, 'Condition', subject) : undefined;
  return entry && name !== undefined ? { name, subject: withinEntry(subject, 'Condition', entry) } : undefined;
}

async function readResource(
  logicalId: string,
  entry: MapEntry,
  condition: string | undefined,
  file: string,
): Promise<ResourceDeclaration> {
  const subject: Subject = { file, path: logicalId, at: entry.at };
  const node = mapOf(entry.value, subject, 'a resource is a map with a Type');
  refuseOtherKeys(node, RESOURCE_KEYS, subject);
  const name = textAt(node, 'Type', subject);
  const at = node.entries.get('Type')?.at ?? entry.at;
  if (name === undefined) throw templateError('TEMPLATE_SYNTAX', subject, 'has no Type.');
  const type = await loadResourceType(name);
  if (type === undefined) {
    const remedy = `Supported are ${supportedTypes.join(', ')}, and Custom::….`;
    throw templateError('TEMPLATE_UNSUPPORTED_TYPE', { ...subject, at }, `the type ${name} is not supported.`, remedy);
  }
  const policies = WITH_SNAPSHOTS.includes(name) ? ['Delete', 'Retain', 'Snapshot'] : ['Delete', 'Retain'];
  for (const key of ['DeletionPolicy', 'UpdateReplacePolicy']) {
    const policy = textAt(node, key, subject) ?? 'Delete';
    if (policies.includes(policy)) continue;
    const where = within(subject, [key], node.entries.get(key)?.at ?? entry.at);
    const sentence = `${policy} is not supported, only ${policies.join(' and ')}.`;
    throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', where, sentence);
  }
  const properties = sectionOf(node, 'Properties', subject) ?? { kind: 'map', entries: new Map(), at: entry.at };
  return {
    logicalId,
    at: entry.at,
    type,
    properties,
    path: node.entries.get('Properties')?.origin ?? `${logicalId}.Properties`,
    condition,
    needs: new Set(dependsOn(node, subject)),
  };
}

function dependsOn(node: MapNode, subject: Subject): readonly string[] {
  const entry = node.entries.get('DependsOn');
  if (entry === undefined) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.map((item) => {
    if (item.kind === 'scalar') return String(item.value);
    const where = within(subject, ['DependsOn'], item.at);
    throw templateError('TEMPLATE_SYNTAX', where, 'takes logical ids, written out.');
  });
}

function readOutputs(section: MapNode | undefined, template: Subject): ReadonlyMap<string, OutputDeclaration> {
  const outputs = new Map<string, OutputDeclaration>();
  for (const [name, entry] of section?.entries ?? []) {
    const subject = within(template, ['Outputs', name], entry.at);
    const node = mapOf(entry.value, subject, 'an output is a map with a Value');
    refuseOtherKeys(node, OUTPUT_KEYS, subject);
    const value = node.entries.get('Value');
    if (value === undefined) throw templateError('TEMPLATE_SYNTAX', subject, 'has no Value.');
    outputs.set(name, { at: entry.at, value: value.value, condition: textAt(node, 'Condition', subject) });
  }
  return outputs;
}

function inOrder(template: Template): Template {
  const sorted = sortByNeeds(new Map([...template.resources].map(([name, { needs }]) => [name, needs])));
  if ('cycle' in sorted) {
    const [first = ''] = sorted.cycle;
    const at = template.resources.get(first)?.at ?? { line: 1, column: 1 };
    const sentence = `resources wait for each other: ${sorted.cycle.join(' → ')}.`;
    throw templateError(
      'TEMPLATE_CYCLE',
      { file: template.file, path: first, at },
      sentence,
      'Remove one of the references.',
    );
  }
  const resources = new Map<string, ResourceDeclaration>();
  for (const name of sorted.order) {
    const resource = template.resources.get(name);
    if (resource !== undefined) resources.set(name, resource);
  }
  return { ...template, resources };
}
