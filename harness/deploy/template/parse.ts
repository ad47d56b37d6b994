import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { MapEntry, Node, Position } from './node.ts';
import { type Subject, templateError, within } from './template-error.ts';

/** What the short forms stand for. `Condition` has no `Fn::` of its own; every other tag is `Fn::` and its name. */
const TAGS_WITHOUT_PREFIX = new Set(['Ref', 'Condition']);

/**
 * Reads a template in YAML or JSON. Short and long forms of intrinsic functions come out alike; nothing is evaluated.
 * What CloudFormation leaves out of YAML (aliases, merge keys, null values) is an error with its line.
 * Source: CloudFormation user guide, "Template formats".
 */
export function parseTemplateText(text: string, file: string): Node {
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    throw templateError('TEMPLATE_SYNTAX', { file, path: '', at: at(error.pos[0]) }, `not YAML: ${error.message}`);
  }
  if (document.contents === null) {
    throw templateError('TEMPLATE_SYNTAX', { file, path: '', at: at(0) }, 'the template is empty.');
  }
  return convert(document.contents, { file, path: '', at: at(0) }, at);
}

function convert(source: unknown, around: Subject, at: (offset: number) => Position): Node {
  const range = (source as { range?: readonly [number, number, number] | null } | null)?.range;
  const here = { ...around, at: range ? at(range[0]) : around.at };
  const value = withoutTag(source, here, at);
  const tag = (source as { tag?: string } | null)?.tag;
  if (tag === undefined || !tag.startsWith('!')) return value;
  const name = tag.slice(1);
  const argument = name === 'GetAtt' && value.kind === 'scalar' ? splitAttribute(String(value.value), value.at) : value;
  return { kind: 'call', name: TAGS_WITHOUT_PREFIX.has(name) ? name : `Fn::${name}`, argument, at: here.at };
}

function withoutTag(source: unknown, here: Subject, at: (offset: number) => Position): Node {
  if (isAlias(source)) {
    throw templateError('TEMPLATE_SYNTAX', here, 'CloudFormation knows no YAML aliases.', 'Write the value out.');
  }
  if (isSeq(source)) {
    const items = source.items.map((item, index) => convert(item, within(here, [index], here.at), at));
    return { kind: 'list', items, at: here.at };
  }
  if (isMap(source)) return convertMap(source.items, here, at);
  const scalar = isScalar(source) ? source : undefined;
  return { kind: 'scalar', value: scalarValue(scalar?.value, scalar?.source, here), at: here.at };
}

function convertMap(
  items: readonly { key: unknown; value: unknown }[],
  here: Subject,
  at: (offset: number) => Position,
): Node {
  const entries = new Map<string, MapEntry>();
  for (const { key, value } of items) {
    const offset = isScalar(key) ? key.range?.[0] : undefined;
    const place = offset === undefined ? here.at : at(offset);
    const name = isScalar(key) ? String(key.source ?? key.value) : '';
    if (name === '' || name === '<<') {
      throw templateError(
        'TEMPLATE_SYNTAX',
        { ...here, at: place },
        'a key must be a plain name, not a merge or a list.',
      );
    }
    entries.set(name, { at: place, value: convert(value, within(here, [name], place), at) });
  }
  const call = [...entries].find(([name]) => name === 'Ref' || name.startsWith('Fn::'));
  if (call === undefined) return { kind: 'map', entries, at: here.at };
  const [name, entry] = call;
  if (entries.size > 1) {
    const sentence = `${name} must stand alone, but there are other keys beside it.`;
    throw templateError('TEMPLATE_SYNTAX', { ...here, at: entry.at }, sentence);
  }
  const { value } = entry;
  const argument =
    name === 'Fn::GetAtt' && value.kind === 'scalar' ? splitAttribute(String(value.value), value.at) : value;
  return { kind: 'call', name, argument, at: entry.at };
}

/**
 * A number keeps its spelling wherever that would otherwise be lost: `012345678901`, `1.10`. Dates stay text, for they
 * are text in the YAML that is read here (`Version: 2012-10-17`).
 */
function scalarValue(value: unknown, source: string | undefined, here: Subject): string | number | boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return source === undefined || String(value) === source ? value : source;
  throw templateError(
    'TEMPLATE_SYNTAX',
    here,
    'null values are not allowed in templates.',
    'Remove the key, or write "".',
  );
}

/** `Role.Arn` is short for `[Role, Arn]`. An attribute may itself have dots. */
function splitAttribute(text: string, at: Position): Node {
  const dot = text.indexOf('.');
  const parts = dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
  return { kind: 'list', items: parts.map((value) => ({ kind: 'scalar', value, at })), at };
}
