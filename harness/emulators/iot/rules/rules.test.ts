import {
  CreateTopicRuleCommand,
  DeleteTopicRuleCommand,
  DisableTopicRuleCommand,
  EnableTopicRuleCommand,
  GetTopicRuleCommand,
  ListTopicRulesCommand,
  ReplaceTopicRuleCommand,
  type TopicRulePayload,
} from '@aws-sdk/client-iot';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AwsAccess } from '../../../edge/emulator.ts';
import { type IotBench, iotBench } from '../testing.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:warn';
const ROLE = 'arn:aws:iam::000000000000:role/rules';

let bench: IotBench;
let sent: { client: unknown; region: string | undefined; input: Record<string, unknown>; notes: unknown }[];
let failing: Error | undefined;

beforeEach(async () => {
  sent = [];
  failing = undefined;
  const aws: AwsAccess = {
    emulates: () => false,
    client: <T>(Client: new (configuration: never) => T, region?: string) =>
      ({
        async send({ input }: { input: Record<string, unknown> }, options: { notes?: unknown }) {
          sent.push({ client: Client, region, input, notes: options.notes });
          if (failing) throw failing;
          return {};
        },
      }) as T,
    send: () => Promise.reject(new Error('Nothing is sent by hand.')),
  };
  bench = await iotBench({ aws });
});

afterEach(() => bench[Symbol.asyncDispose]());

const create = (ruleName: string, topicRulePayload: TopicRulePayload) =>
  bench.iot.send(new CreateTopicRuleCommand({ ruleName, topicRulePayload }));
const publish = (topic: string, payload: unknown, cause?: number) =>
  bench.broker.publish({
    topic,
    payload: Buffer.from(JSON.stringify(payload)),
    qos: 1,
    retain: false,
    clientId: 'pi-1',
    cause,
  });
const lambda = { lambda: { functionArn: FUNCTION } };
/** Resolves when no rule is at work any more. */
const settled = () => vi.waitFor(() => expect(bench.clock.diagnostics().locks).toEqual([]));

test('a message that the rule selects invokes the function, asynchronously', async () => {
  const sql = "SELECT no2.value AS no2, topic(2) AS sensor FROM 'pi/+' WHERE no2.value >= 88";
  await create('warnings', { sql, actions: [lambda], awsIotSqlVersion: '2016-03-23' });
  await publish('pi/1', { no2: { value: 87.99 } });
  await publish('pi/1', { no2: { value: 88 } }, 7);
  await publish('door/1', { no2: { value: 99 } });
  await settled();
  expect(sent).toEqual([
    {
      client: LambdaClient,
      region: 'us-east-1',
      input: { FunctionName: FUNCTION, InvocationType: 'Event', Payload: Buffer.from('{"no2":88,"sensor":"1"}') },
      notes: { cause: 1 },
    },
  ]);
  expect(bench.entries).toMatchObject([
    { where: 'iot/pi/1', what: 'noted', cause: 7, detail: { rule: 'warnings', action: 'lambda' } },
  ]);
  expect(bench.counted).toEqual(['TopicMatch warnings', 'TopicMatch warnings', 'Success warnings lambda']);
});

test('a record goes to a stream, its partition key out of the message', async () => {
  const kinesis = { roleArn: ROLE, streamName: 'readings', partitionKey: `key-\${topic(2)}-\${no2.value}-\${missing}` };
  await create('stream', { sql: "SELECT * FROM 'pi/#'", actions: [{ kinesis }] });
  await publish('pi/4', { no2: { value: 1.5 } });
  await settled();
  expect(sent).toMatchObject([
    {
      client: KinesisClient,
      input: { StreamName: 'readings', PartitionKey: 'key-4-1.5-', Data: Buffer.from('{"no2":{"value":1.5}}') },
    },
  ]);
});

test('without a partition key each record has one of its own', async () => {
  await create('stream', { sql: "SELECT * FROM 'pi/#'", actions: [{ kinesis: { roleArn: ROLE, streamName: 's' } }] });
  await publish('pi/4', {});
  await publish('pi/4', {});
  await settled();
  expect(new Set(sent.map(({ input }) => input.PartitionKey)).size).toBe(2);
});

test('a message is republished, and other rules act on that', async () => {
  const republish = { roleArn: ROLE, topic: `alerts/\${topic(2)}`, qos: 1 };
  await create('alerts', { sql: "SELECT no2 FROM 'pi/+'", actions: [{ republish }] });
  await create('warn', { sql: "SELECT * FROM 'alerts/#'", actions: [lambda] });
  await publish('pi/3', { no2: 90 });
  await settled();
  expect(bench.published[1]).toEqual({
    topic: 'alerts/3',
    payload: Buffer.from('{"no2":90}'),
    qos: 1,
    retain: false,
    clientId: undefined,
    cause: 1,
  });
  expect(sent).toHaveLength(1);
});

test('Basic Ingest goes to the one rule that it names, whatever its FROM', async () => {
  await create('warn', { sql: "SELECT topic() AS topic FROM 'pi/+'", actions: [lambda] });
  await create('all', { sql: "SELECT * FROM '#'", actions: [lambda] });
  await publish('$aws/rules/warn/door/2', {});
  await publish('$aws/rules/nothing/door/2', {});
  await settled();
  expect(sent).toMatchObject([{ input: { Payload: Buffer.from('{"topic":"door/2"}') } }]);
});

test('a rule that would feed itself is stopped', async () => {
  const republish = (topic: string) => ({ republish: { roleArn: ROLE, topic } });
  await expect(create('loop', { sql: "SELECT * FROM 'pi/+'", actions: [republish('pi/2')] })).rejects.toThrow(
    "does not support a rule for 'pi/+' that republishes to pi/2: it would act on its own messages",
  );
  await create('loop', { sql: "SELECT * FROM 'pi/+'", actions: [republish(`pi/\${to}`)] });
  await publish('pi/1', { to: '2' });
  await settled();
  expect(bench.published).toHaveLength(1);
  expect(bench.logged[0]?.message).toBe('The rule loop: its action republish failed for a message on pi/1.');
});

test('an action that fails is written down, and the next one is tried', async () => {
  failing = new Error('Function not found');
  const republish = { roleArn: ROLE, topic: 'alerts' };
  await create('warn', { sql: "SELECT * FROM 'pi/+'", actions: [lambda, { republish }] });
  await publish('pi/1', {});
  await settled();
  expect(bench.published).toHaveLength(2);
  expect(bench.entries.map(({ detail }) => detail)).toEqual([
    { rule: 'warn', action: 'lambda' },
    { rule: 'warn', action: 'lambda', outcome: 'failed', reason: 'Function not found' },
    { rule: 'warn', action: 'republish' },
  ]);
  expect(bench.counted).toContain('Failure warn lambda');
});

test('rules are described, listed, replaced, disabled and deleted', async () => {
  const payload = { sql: "SELECT * FROM 'pi/+'", description: '냇물', actions: [lambda] };
  await create('warn', payload);
  const ruleName = 'warn';
  const got = await bench.iot.send(new GetTopicRuleCommand({ ruleName }));
  expect(got).toMatchObject({
    ruleArn: 'arn:aws:iot:us-east-1:000000000000:rule/warn',
    rule: { ...payload, ruleName, ruleDisabled: false, awsIotSqlVersion: '2015-10-08' },
  });
  await bench.iot.send(new DisableTopicRuleCommand({ ruleName }));
  await publish('pi/1', {});
  expect(bench.counted).toEqual([]);
  const disabled = await bench.iot.send(new ListTopicRulesCommand({ ruleDisabled: true }));
  expect(disabled.rules).toMatchObject([{ ruleName, topicPattern: 'pi/+', ruleDisabled: true }]);
  await bench.iot.send(new EnableTopicRuleCommand({ ruleName }));
  await bench.iot.send(
    new ReplaceTopicRuleCommand({ ruleName, topicRulePayload: { sql: "SELECT * FROM 'door/#'", actions: [] } }),
  );
  expect((await bench.iot.send(new ListTopicRulesCommand({ topic: 'pi/1' }))).rules).toEqual([]);
  expect((await bench.iot.send(new ListTopicRulesCommand({ topic: 'door/1' }))).rules).toHaveLength(1);
  await expect(create('warn', payload)).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
  await bench.iot.send(new DeleteTopicRuleCommand({ ruleName }));
  await expect(bench.iot.send(new GetTopicRuleCommand({ ruleName }))).rejects.toMatchObject({
    name: 'UnauthorizedException',
    message: "Access to topic rule 'warn' was denied",
    $metadata: { httpStatusCode: 401 },
  });
});

test.each<[string, Partial<TopicRulePayload>, string]>([
  ['SQL that is none', { sql: 'SELECT *' }, 'Expected FROM, but found the end.'],
  ['another version of SQL', { awsIotSqlVersion: 'beta' }, 'does not support awsIotSqlVersion beta'],
  ['an error action', { errorAction: lambda }, 'does not support error actions of rules (errorAction)'],
  [
    'another action',
    { actions: [{ sqs: { roleArn: ROLE, queueUrl: 'q' } }] },
    'does not support the action sqs of rules',
  ],
  ['two actions in one', { actions: [{ ...lambda, sns: { roleArn: ROLE, targetArn: 't' } }] }, 'exactly one action'],
  [
    'a function that is none',
    { actions: [{ lambda: { functionArn: 'warn' } }] },
    'The function ARN warn is not valid.',
  ],
  ['too many actions', { actions: Array(11).fill(lambda) }, 'A rule may have at most 10 actions.'],
])('%s is refused', async (_what, given, message) => {
  await expect(create('warn', { sql: "SELECT * FROM 'pi/+'", actions: [lambda], ...given })).rejects.toThrow(message);
  expect((await bench.iot.send(new ListTopicRulesCommand({}))).rules).toEqual([]);
});

test('a rule’s name has no hyphen', async () => {
  await expect(create('my-rule', { sql: "SELECT * FROM 'a'", actions: [] })).rejects.toThrow(
    "Value 'my-rule' at 'ruleName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9_]+$",
  );
});
