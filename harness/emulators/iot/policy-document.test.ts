import { expect, test } from 'vitest';
import { readPolicyDocument } from './policy-document.ts';

const TOPIC = 'arn:aws:iot:us-east-1:000000000000:topic/pi/*';
const read = (document: unknown) =>
  readPolicyDocument('p', typeof document === 'string' ? document : JSON.stringify(document));
const policy = (statement: unknown) => ({ Version: '2012-10-17', Statement: statement });

test('one statement or several, one action or several, are the same thing', () => {
  const statement = { Effect: 'Allow', Action: 'iot:Publish', Resource: TOPIC };
  const expected = { name: 'p', statements: [{ effect: 'Allow', actions: ['iot:Publish'], resources: [TOPIC] }] };
  expect(read(policy(statement))).toEqual(expected);
  expect(read(policy([{ ...statement, Sid: 'a', Action: ['iot:Publish'], Resource: [TOPIC] }]))).toEqual(expected);
});

test('wildcards and variables stay as they are', () => {
  const resource = `arn:aws:iot:*:*:client/\${iot:Connection.Thing.ThingName}`;
  const document = read(policy({ Effect: 'Deny', Action: ['iot:*', '*'], Resource: ['*', resource] }));
  expect(document.statements[0]).toEqual({ effect: 'Deny', actions: ['iot:*', '*'], resources: ['*', resource] });
});

test.each([
  ['./policy.json', 'Policy document is Malformed'],
  ['"text"', 'Policy document is Malformed'],
  [{ Statement: [] }, 'Policy document is Malformed: Invalid policy syntax.'],
  [{ Version: '2022-01-01', Statement: [] }, 'Policy document is Malformed: Invalid policy syntax.'],
  [policy([]), 'Policy document is Malformed: Invalid policy syntax.'],
  [policy({ Effect: 'allow', Action: 'iot:*', Resource: '*' }), 'Policy document is Malformed: Invalid policy syntax.'],
  [policy({ Effect: 'Allow', Resource: '*' }), 'Policy document is Malformed: Invalid policy syntax.'],
  [
    policy({ Effect: 'Allow', Action: 'Publish', Resource: '*' }),
    'Policy document is Malformed: Invalid policy syntax.',
  ],
  [
    policy({ Effect: 'Allow', Action: 'iot:*', Resource: '*', Principal: '*' }),
    'Policy document is Malformed: Invalid policy syntax.',
  ],
  [
    policy({ Effect: 'Allow', Action: 'iot:*', Resource: ['*', 'pi/1'] }),
    'Policy document is Malformed: The following resources are invalid : pi/1',
  ],
  [
    policy({ Effect: 'Allow', Action: 'iot:*', Resource: `${TOPIC}${'x'.repeat(2048)}` }),
    'Policy document is Malformed: Policy document is larger than 2048 characters.',
  ],
])('%j is malformed', (document, message) => {
  expect(() => read(document)).toThrow(
    expect.objectContaining({ code: 'MalformedPolicyException', status: 400, message }),
  );
});

test('white space does not count', () => {
  const statement = { Effect: 'Allow', Action: 'iot:*', Resource: '*' };
  expect(readPolicyDocument('p', JSON.stringify(policy(statement), null, 900)).statements).toHaveLength(1);
});

test.each(['Condition', 'NotAction', 'NotResource'])('%s is refused by name', (member) => {
  const statement = { Effect: 'Allow', Action: 'iot:*', Resource: '*', [member]: {} };
  expect(() => read(policy(statement))).toThrow(
    `The IoT emulator of naetmul does not support ${member} in an IoT policy.`,
  );
});
