import type { CallNode, ListNode, Node, Position } from './node.ts';
import { type Subject, templateError, within, withinEntry } from './template-error.ts';

/** A template's value once every intrinsic function in it is evaluated. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value } | typeof UNKNOWN;

/** Stands for what cannot be known before the resources exist, while a template is only being checked. */
export const UNKNOWN: unique symbol = Symbol('known after deployment');

/** What the names in a template stand for. */
export interface Scope {
  /** The value of `Ref: name`; undefined for `AWS::NoValue`. Throws for an unknown name. */
  ref(name: string, subject: Subject): Value | undefined;
  attribute(logicalId: string, attribute: string, subject: Subject): Value;
  /** The value in a mapping. Throws for an unknown key. */
  mapping(keys: readonly [string, string, string], subject: Subject): Value;
  /** Whether the condition holds. Throws for an unknown name. */
  condition(name: string, subject: Subject): boolean | typeof UNKNOWN;
}

type Intrinsic = (argument: Node, subject: Subject, scope: Scope) => Value | undefined;

/** Evaluates `node`. Undefined means `AWS::NoValue`: whatever holds the value is to be left out. */
export function evaluate(node: Node, subject: Subject, scope: Scope): Value | undefined {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items
        .map((item, index) => evaluate(item, within(subject, [index], item.at), scope))
        .filter((value) => value !== undefined);
    case 'map': {
      const result: Record<string, Value> = {};
      for (const [key, entry] of node.entries) {
        const value = evaluate(entry.value, withinEntry(subject, key, entry), scope);
        if (value !== undefined) result[key] = value;
      }
      return result;
    }
    case 'call':
      return intrinsicFor(node, subject)(node.argument, { ...subject, at: node.at }, scope);
  }
}

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, subject, scope) => scope.ref(literal(argument, subject, 'Ref takes a name'), subject),
  'Fn::GetAtt': (argument, subject, scope) => {
    const [logicalId, attribute] = attributeParts(argument, subject);
    return scope.attribute(logicalId, attribute, subject);
  },
  'Fn::Sub': substitute,
  'Fn::Join': (argument, subject, scope) => {
    const [separator, list] = pair(argument, subject, 'Fn::Join takes [separator, list]');
    const items = listOf(evaluate(list, subject, scope), subject, 'the second argument of Fn::Join must be a list');
    if (items === UNKNOWN) return UNKNOWN;
    const texts = items.map((item) => textOf(item, subject, 'every item that Fn::Join joins must be text'));
    return texts.some((text) => text === UNKNOWN)
      ? UNKNOWN
      : texts.join(literal(separator, subject, 'the separator of Fn::Join must be text'));
  },
  'Fn::Split': (argument, subject, scope) => {
    const [separator, source] = pair(argument, subject, 'Fn::Split takes [separator, text]');
    const text = textOf(evaluate(source, subject, scope), subject, 'the second argument of Fn::Split must be text');
    const by = literal(separator, subject, 'the separator of Fn::Split must be text');
    if (by === '') throw templateError('TEMPLATE_SYNTAX', subject, 'the separator of Fn::Split must not be empty.');
    return text === UNKNOWN ? UNKNOWN : text.split(by);
  },
  'Fn::Select': (argument, subject, scope) => {
    const [position, source] = pair(argument, subject, 'Fn::Select takes [index, list]');
    const index = evaluate(position, subject, scope);
    const list = listOf(evaluate(source, subject, scope), subject, 'the second argument of Fn::Select must be a list');
    if (index === UNKNOWN || list === UNKNOWN) return UNKNOWN;
    const item = /^\d+$/.test(String(index)) ? list[Number(index)] : undefined;
    if (item === undefined) {
      const sentence = `Fn::Select cannot choose item ${JSON.stringify(index)} of a list of ${list.length}.`;
      throw templateError('TEMPLATE_SYNTAX', subject, sentence, 'The first item has the index 0.');
    }
    return item;
  },
  'Fn::FindInMap': (argument, subject, scope) => {
    const sentence = 'Fn::FindInMap takes [mapping, key at the top, key below]';
    const nodes = argument.kind === 'list' ? argument.items : [];
    if (nodes.length !== 3) throw templateError('TEMPLATE_SYNTAX', subject, `${sentence}.`);
    const [mapping, top, second] = nodes.map((node) => textOf(evaluate(node, subject, scope), subject, sentence));
    if (mapping === UNKNOWN || top === UNKNOWN || second === UNKNOWN) return UNKNOWN;
    return scope.mapping([mapping, top, second] as [string, string, string], subject);
  },
  'Fn::If': (argument, subject, scope) => {
    const [condition, yes, no] = choice(argument, subject);
    const holds = scope.condition(condition, subject);
    if (holds !== UNKNOWN) return evaluate(holds ? yes : no, subject, scope);
    for (const branch of [yes, no]) evaluate(branch, subject, scope);
    return UNKNOWN;
  },
};

export const supportedIntrinsics: readonly string[] = Object.keys(intrinsics);

function intrinsicFor(node: CallNode, subject: Subject): Intrinsic {
  const intrinsic = Object.hasOwn(intrinsics, node.name) ? intrinsics[node.name] : undefined;
  if (intrinsic !== undefined) return intrinsic;
  throw templateError(
    'TEMPLATE_UNSUPPORTED_INTRINSIC',
    { ...subject, at: node.at },
    `the intrinsic function ${node.name} is not supported.`,
    `Supported are ${supportedIntrinsics.join(', ')}.`,
  );
}

/** A name between `${` and `}`, or what `${!…}` keeps literal. */
const SUBSTITUTION = /\$\{(!?)([^}]*)\}/g;
const SUBSTITUTABLE = /^[A-Za-z0-9:]+(?:\.[A-Za-z0-9.]+)?$/;

function substitute(argument: Node, subject: Subject, scope: Scope): Value {
  const { text, own } = substitutionParts(argument, subject);
  let known = true;
  const result = text.replace(SUBSTITUTION, (_whole, exclamation: string, name: string) => {
    if (exclamation === '!') return `\${${name}}`;
    const value = substitutionValue(name, own, subject, scope);
    if (value === UNKNOWN) known = false;
    return String(value);
  });
  return known ? result : UNKNOWN;
}

function substitutionValue(name: string, own: ReadonlyMap<string, Node>, subject: Subject, scope: Scope) {
  const node = own.get(name);
  const sentence = `\${${name}} in Fn::Sub must stand for text`;
  if (node !== undefined) return textOf(evaluate(node, subject, scope), subject, sentence);
  const reference = substitutionReference(name, subject);
  return textOf(
    reference.attribute === undefined
      ? scope.ref(reference.name, subject)
      : scope.attribute(reference.name, reference.attribute, subject),
    subject,
    sentence,
  );
}

function substitutionReference(name: string, subject: Subject): Reference {
  if (!SUBSTITUTABLE.test(name)) {
    throw templateError(
      'TEMPLATE_SYNTAX',
      subject,
      `\${${name}} in Fn::Sub is not a name.`,
      `Write \${!${name}} to keep the text as it is.`,
    );
  }
  const dot = name.indexOf('.');
  return dot < 0 ? { name } : { name: name.slice(0, dot), attribute: name.slice(dot + 1) };
}

function substitutionParts(argument: Node, subject: Subject): { text: string; own: ReadonlyMap<string, Node> } {
  if (argument.kind !== 'list') return { text: literal(argument, subject, 'Fn::Sub takes text'), own: new Map() };
  const [text, map] = pair(argument, subject, 'Fn::Sub takes text, or [text, map]');
  if (map.kind !== 'map') throw templateError('TEMPLATE_SYNTAX', subject, 'Fn::Sub takes text, or [text, map].');
  return {
    text: literal(text, subject, 'Fn::Sub takes text'),
    own: new Map([...map.entries].map(([name, entry]) => [name, entry.value])),
  };
}

/** A name that a template mentions: of a parameter, a pseudo parameter or a resource, perhaps with an attribute. */
export interface Reference {
  readonly name: string;
  readonly attribute?: string;
  /** True for the name of a condition. */
  readonly condition?: true;
}

/** Calls `visit` for every name that `node` mentions, and refuses intrinsic functions that are not supported. */
export function eachReference(
  node: Node,
  subject: Subject,
  visit: (reference: Reference, subject: Subject) => void,
): void {
  if (node.kind === 'list') {
    node.items.forEach((item, index) => {
      eachReference(item, within(subject, [index], item.at), visit);
    });
  } else if (node.kind === 'map') {
    for (const [key, entry] of node.entries) eachReference(entry.value, withinEntry(subject, key, entry), visit);
  } else if (node.kind === 'call') {
    intrinsicFor(node, subject);
    eachReferenceOfCall(node, { ...subject, at: node.at }, visit);
  }
}

function eachReferenceOfCall(
  { name, argument }: CallNode,
  subject: Subject,
  visit: (reference: Reference, subject: Subject) => void,
): void {
  if (name === 'Ref') {
    visit({ name: literal(argument, subject, 'Ref takes a name') }, subject);
  } else if (name === 'Fn::GetAtt') {
    const [logicalId, attribute] = attributeParts(argument, subject);
    visit({ name: logicalId, attribute }, subject);
  } else if (name === 'Fn::Sub') {
    const { text, own } = substitutionParts(argument, subject);
    for (const [, exclamation, inner = ''] of text.matchAll(SUBSTITUTION)) {
      if (exclamation !== '!' && !own.has(inner)) visit(substitutionReference(inner, subject), subject);
    }
    for (const node of own.values()) eachReference(node, subject, visit);
  } else if (name === 'Fn::If') {
    const [condition, ...branches] = choice(argument, subject);
    visit({ name: condition, condition: true }, subject);
    for (const branch of branches) eachReference(branch, subject, visit);
  } else {
    eachReference(argument, subject, visit);
  }
}

function attributeParts(argument: Node, subject: Subject): [string, string] {
  const sentence = 'Fn::GetAtt takes a logical id and an attribute, as in Role.Arn';
  if (argument.kind !== 'list' || argument.items.length !== 2) {
    throw templateError('TEMPLATE_SYNTAX', subject, `${sentence}.`);
  }
  return [literal(argument.items[0], subject, sentence), literal(argument.items[1], subject, sentence)];
}

function choice(argument: Node, subject: Subject): [condition: string, yes: Node, no: Node] {
  const sentence = 'Fn::If takes [condition, value if it holds, value if not]';
  const [condition, yes, no, ...more] = (argument as Partial<ListNode>).items ?? [];
  if (yes === undefined || no === undefined || more.length > 0) {
    throw templateError('TEMPLATE_SYNTAX', subject, `${sentence}.`);
  }
  return [literal(condition, subject, 'Fn::If takes the name of a condition'), yes, no];
}

export function pair(argument: Node, subject: Subject, sentence: string): [Node, Node] {
  const [first, second, ...more] = (argument as Partial<ListNode>).items ?? [];
  if (first === undefined || second === undefined || more.length > 0) {
    throw templateError('TEMPLATE_SYNTAX', subject, `${sentence}.`);
  }
  return [first, second];
}

export function literal(node: Node | undefined, subject: Subject, sentence: string): string {
  if (node?.kind === 'scalar') return String(node.value);
  const at: Position = node?.at ?? subject.at;
  throw templateError('TEMPLATE_SYNTAX', { ...subject, at }, `${sentence}, written out.`);
}

function listOf(value: Value | undefined, subject: Subject, sentence: string): readonly Value[] | typeof UNKNOWN {
  if (value === UNKNOWN || Array.isArray(value)) return value;
  throw templateError('TEMPLATE_SYNTAX', subject, `${sentence}.`);
}

function textOf(value: Value | undefined, subject: Subject, sentence: string): string | typeof UNKNOWN {
  if (value === UNKNOWN) return UNKNOWN;
  if (value === undefined || typeof value === 'object') throw templateError('TEMPLATE_SYNTAX', subject, `${sentence}.`);
  return String(value);
}
