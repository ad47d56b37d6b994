import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyDocument, PolicyStatement } from '../model.ts';
import { type Authorizer, authorizer, type PolicyVariables } from './policy.ts';

const arn = (resource: string) => `arn:aws:iot:ap-northeast-2:000000000000:${resource}`;

/** As a policy writes it. */
const variable = (name: string) => `\${${name}}`;

function policy(...statements: readonly (readonly ['Allow' | 'Deny', string, string])[]): PolicyDocument {
  return {
    name: 'test',
    statements: statements.map(([effect, action, resource]) => ({ effect, actions: [action], resources: [resource] })),
  };
}

describe('one statement', () => {
  test.for([
    ['iot:Publish', arn('topic/pi/1'), 'iot:Publish', 'topic/pi/1', true],
    ['iot:Publish', arn('topic/pi/1'), 'iot:Publish', 'topic/pi/2', false],
    ['iot:Publish', arn('topic/pi/1'), 'iot:Receive', 'topic/pi/1', false],
    ['iot:Publish', arn('topic/pi/1'), 'iot:Publish', 'topicfilter/pi/1', false],
    ['iot:publish', arn('topic/pi/1'), 'iot:Publish', 'topic/pi/1', true],
    ['iot:*', '*', 'iot:Connect', 'client/pi-1', true],
    ['*', '*', 'iot:Connect', 'client/pi-1', true],
    ['iot:*', arn('client/pi-*'), 'iot:Connect', 'client/pi-', true],
    ['iot:*', arn('client/pi-?'), 'iot:Connect', 'client/pi-1', true],
    ['iot:*', arn('client/pi-?'), 'iot:Connect', 'client/pi-12', false],
    ['iot:*', arn('client/pi-?'), 'iot:Connect', 'client/pi-🐦', true],
    ['iot:*', arn('topic/pi/*'), 'iot:Publish', 'topic/pi/1/no2', true],
    ['iot:*', arn('topic/pi/*'), 'iot:Publish', 'topic/pi', false],
    ['iot:*', arn('topic/*/no2'), 'iot:Publish', 'topic/pi/1/no2', true],
    ['iot:*', arn('topic/*/no2'), 'iot:Publish', 'topic/pi/1/co', false],
    // MQTT's wildcards are plain characters here.
    ['iot:Subscribe', arn('topicfilter/pi/+'), 'iot:Subscribe', 'topicfilter/pi/+', true],
    ['iot:Subscribe', arn('topicfilter/pi/+'), 'iot:Subscribe', 'topicfilter/pi/1', false],
    ['iot:Subscribe', arn('topicfilter/pi/#'), 'iot:Subscribe', 'topicfilter/pi/1', false],
    ['iot:Subscribe', arn('topicfilter/pi/*'), 'iot:Subscribe', 'topicfilter/pi/#', true],
    // What means something in a regular expression means itself.
    ['iot:Publish', arn('topic/a.b'), 'iot:Publish', 'topic/a+b', false],
    ['iot:Publish', arn('topic/(a|b)[c]'), 'iot:Publish', 'topic/(a|b)[c]', true],
    ['iot:Publish', arn('topic/*'), 'iot:Publish', 'topic/two\nlines', true],
  ] as const)('%s on %s: %s %s %s', ([action, resource, asked, of, expected]) => {
    expect(authorizer([policy(['Allow', action, resource])], {})(asked, arn(of))).toBe(expected);
    expect(authorizer([policy(['Allow', '*', '*'], ['Deny', action, resource])], {})(asked, arn(of))).toBe(!expected);
  });
});

describe('a policy variable', () => {
  const variables: PolicyVariables = {
    'iot:ClientId': 'pi-1',
    'iot:Certificate.Subject.CommonName': 'a*b',
    'iot:Connection.Thing.ThingName': undefined,
  };
  const allowed = (resource: string, asked: string) =>
    authorizer([policy(['Allow', 'iot:*', arn(resource)])], variables)('iot:Publish', arn(asked));

  test('stands for what is known of the connection', () => {
    expect(allowed(`topic/${variable('iot:ClientId')}/*`, 'topic/pi-1/no2')).toBe(true);
    expect(allowed(`topic/${variable('iot:ClientId')}/*`, 'topic/pi-2/no2')).toBe(false);
    expect(allowed(`topic/${variable('iot:ClientId')}/${variable('iot:ClientId')}`, 'topic/pi-1/pi-1')).toBe(true);
  });

  test('is taken literally, so that a * in a name allows nothing more', () => {
    expect(allowed(`topic/${variable('iot:Certificate.Subject.CommonName')}`, 'topic/a*b')).toBe(true);
    expect(allowed(`topic/${variable('iot:Certificate.Subject.CommonName')}`, 'topic/axb')).toBe(false);
  });

  test.for([
    'iot:Connection.Thing.ThingName',
    'iot:Nothing',
    'toString',
    '',
  ])('that cannot be resolved, "%s", matches nothing, neither to allow nor to deny', (name) => {
    const resource = `*\${${name}}*`;
    expect(allowed(`topic/${resource}`, `topic/\${${name}}`)).toBe(false);
    const policies = [policy(['Allow', '*', '*'], ['Deny', '*', resource])];
    expect(authorizer(policies, variables)('iot:Publish', arn('topic/pi/1'))).toBe(true);
  });
});

const TOPICS = ['topic/a', 'topic/b', 'topic/a/b', 'topic/b/a'];
const statements = fc.array(
  fc.record({
    effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    actions: fc.array(fc.constantFrom('iot:Publish', 'iot:Receive', 'iot:*'), { minLength: 1, maxLength: 2 }),
    resources: fc.array(fc.constantFrom(...TOPICS.map(arn), arn('topic/a*'), arn('topic/?'), '*'), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  { maxLength: 6 },
);

type Evaluate = (policies: readonly PolicyDocument[], variables: PolicyVariables) => Authorizer;

/** Holds an evaluator to the law: nothing by default, a denial wins, and neither order nor grouping matters. */
function checkLaw(evaluate: Evaluate): void {
  const decide = (list: readonly PolicyStatement[], topic: string) =>
    evaluate([{ name: 'test', statements: list }], {})('iot:Publish', arn(topic));
  fc.assert(
    fc.property(statements, fc.constantFrom(...TOPICS), (list, topic) => {
      const alone = list.map((statement) => ({ statement, hits: decide([{ ...statement, effect: 'Allow' }], topic) }));
      const hits = alone.filter((one) => one.hits).map((one) => one.statement.effect);
      const expected = hits.includes('Allow') && !hits.includes('Deny');
      const grouped = evaluate(
        list.map((statement) => ({ name: 'one of them', statements: [statement] })),
        {},
      );
      return (
        decide(list, topic) === expected &&
        decide(list.toReversed(), topic) === expected &&
        grouped('iot:Publish', arn(topic)) === expected
      );
    }),
  );
}

describe('the law of all policies together', () => {
  test('nothing is allowed by default, and a denial wins, in whatever order', () => {
    checkLaw(authorizer);
    expect(authorizer([], {})('iot:Connect', arn('client/pi-1'))).toBe(false);
  });

  test.for<[string, Evaluate]>([
    [
      'lets the first statement that applies decide',
      (policies, variables) => (action, resource) => {
        const list = policies.flatMap((document) => document.statements);
        const first = list.find((one) => {
          const alone = [{ name: 'alone', statements: [{ ...one, effect: 'Allow' as const }] }];
          return authorizer(alone, variables)(action, resource);
        });
        return first?.effect === 'Allow';
      },
    ],
    [
      'allows what no statement is about',
      (policies, variables) => (action, resource) => {
        const everything = policy(['Allow', '*', '*']);
        return authorizer([...policies, everything], variables)(action, resource);
      },
    ],
    [
      'looks for denials in one policy at a time',
      (policies, variables) => (action, resource) =>
        policies.some((document) => authorizer([document], variables)(action, resource)),
    ],
  ])('an evaluator that %s is caught', ([, broken]) => {
    expect(() => checkLaw(broken)).toThrow('Property failed');
  });
});
