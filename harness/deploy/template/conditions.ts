import { evaluate, literal, pair, type Scope, UNKNOWN, type Value } from './intrinsics.ts';
import { findInMap } from './mappings.ts';
import type { Node } from './node.ts';
import { PSEUDO_PARAMETERS } from './pseudo-parameters.ts';
import type { Template } from './template.ts';
import { type Subject, templateError, within } from './template-error.ts';

type Verdict = boolean | typeof UNKNOWN;

/** How many conditions `Fn::And` and `Fn::Or` take. Source: CloudFormation user guide, "Condition functions". */
const MOST_OPERANDS = 10;

/**
 * Says of each condition whether it holds. What the pseudo parameters stand for is `pseudo`'s to say: while a template
 * is only being checked, most are not known yet.
 */
export function judgeConditions(
  { conditions, parameters, mappings, file }: Pick<Template, 'conditions' | 'parameters' | 'mappings' | 'file'>,
  pseudo: (name: string) => Value | undefined,
): Scope['condition'] {
  const verdicts = new Map<string, Verdict>();
  const underWay: string[] = [];

  const refuse = (subject: Subject, name: string) =>
    templateError(
      'TEMPLATE_UNKNOWN_REFERENCE',
      subject,
      `${name} is no parameter, and conditions can depend on nothing else.`,
      `There are ${[...parameters.keys(), ...PSEUDO_PARAMETERS].join(', ')}.`,
    );
  const scope: Scope = {
    ref(name, subject) {
      if (parameters.has(name)) return parameters.get(name);
      if (!PSEUDO_PARAMETERS.includes(name)) throw refuse(subject, name);
      return pseudo(name);
    },
    attribute(logicalId, attribute, subject) {
      throw refuse(subject, `${logicalId}.${attribute}`);
    },
    mapping: (keys, subject) => findInMap(mappings, keys, subject),
    condition,
  };

  function condition(name: string, subject: Subject): Verdict {
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    const declaration = conditions.get(name);
    if (declaration === undefined) throw unknownCondition(name, conditions, subject);
    if (underWay.includes(name)) {
      const cycle = [...underWay.slice(underWay.indexOf(name)), name].join(' → ');
      throw templateError('TEMPLATE_CYCLE', subject, `conditions depend on each other: ${cycle}.`);
    }
    underWay.push(name);
    const verdict = judge(declaration.value, { file, path: `Conditions.${name}`, at: declaration.at }, scope);
    underWay.pop();
    verdicts.set(name, verdict);
    return verdict;
  }

  return condition;
}

export function unknownCondition(name: string, conditions: Template['conditions'], subject: Subject): Error {
  const remedy = conditions.size === 0 ? 'The template has none.' : `There are ${[...conditions.keys()].join(', ')}.`;
  return templateError('TEMPLATE_UNKNOWN_REFERENCE', subject, `${name} is no condition of this template.`, remedy);
}

function judge(node: Node, around: Subject, scope: Scope): Verdict {
  const subject = { ...around, at: node.at };
  const reference = referenceOf(node);
  if (reference !== undefined) {
    return scope.condition(literal(reference, subject, 'Condition takes the name of a condition'), subject);
  }
  const verdictOf = node.kind === 'call' && Object.hasOwn(FUNCTIONS, node.name) ? FUNCTIONS[node.name] : undefined;
  if (node.kind === 'call' && verdictOf !== undefined) return verdictOf(node.argument, subject, scope);
  const what = node.kind === 'call' ? `${node.name} is none of them` : 'this is none of them';
  const sentence = `a condition is one of ${Object.keys(FUNCTIONS).join(', ')} and Condition; ${what}.`;
  throw templateError('TEMPLATE_SYNTAX', subject, sentence);
}

/** `!Condition X`, or `Condition: X` as the one member of a map: elsewhere in a template that is no function. */
function referenceOf(node: Node): Node | undefined {
  if (node.kind === 'call' && node.name === 'Condition') return node.argument;
  return node.kind === 'map' && node.entries.size === 1 ? node.entries.get('Condition')?.value : undefined;
}

const FUNCTIONS: Readonly<Record<string, (argument: Node, subject: Subject, scope: Scope) => Verdict>> = {
  'Fn::Equals': (argument, subject, scope) => {
    const [left, right] = pair(argument, subject, 'Fn::Equals takes [value, value]').map((node, index) =>
      evaluate(node, within(subject, [index], node.at), scope),
    );
    return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : comparable(left) === comparable(right);
  },
  'Fn::Not': (argument, subject, scope) => {
    const [verdict] = operands('Fn::Not', argument, subject, scope, 1, 1);
    return verdict === UNKNOWN ? UNKNOWN : !verdict;
  },
  'Fn::And': (argument, subject, scope) => {
    const verdicts = operands('Fn::And', argument, subject, scope, 2, MOST_OPERANDS);
    if (verdicts.includes(false)) return false;
    return verdicts.includes(UNKNOWN) ? UNKNOWN : true;
  },
  'Fn::Or': (argument, subject, scope) => {
    const verdicts = operands('Fn::Or', argument, subject, scope, 2, MOST_OPERANDS);
    if (verdicts.includes(true)) return true;
    return verdicts.includes(UNKNOWN) ? UNKNOWN : false;
  },
};

function operands(
  name: string,
  argument: Node,
  subject: Subject,
  scope: Scope,
  least: number,
  most: number,
): readonly Verdict[] {
  const items = argument.kind === 'list' ? argument.items : [];
  if (items.length < least || items.length > most) {
    const sentence = `${name} takes a list of ${least === most ? 'one condition' : `${least} to ${most} conditions`}.`;
    throw templateError('TEMPLATE_SYNTAX', subject, sentence);
  }
  return items.map((item, index) => judge(item, within(subject, [index], item.at), scope));
}

/** CloudFormation compares texts: `1` is `"1"`. */
function comparable(value: Value | undefined): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === 'number' || typeof inner === 'boolean' ? String(inner) : inner,
  );
}
