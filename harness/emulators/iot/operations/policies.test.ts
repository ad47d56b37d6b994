import { X509Certificate } from 'node:crypto';
import {
  AttachPolicyCommand,
  AttachPrincipalPolicyCommand,
  CreateJobCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DescribeEndpointCommand,
  DetachPolicyCommand,
  DetachPrincipalPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAttachedPoliciesCommand,
  ListPoliciesCommand,
  ListPolicyPrincipalsCommand,
  ListPolicyVersionsCommand,
  ListPrincipalPoliciesCommand,
  ListTagsForResourceCommand,
  ListTargetsForPolicyCommand,
  SetDefaultPolicyVersionCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-iot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALLOW_ALL, type IotBench, iotBench } from '../testing.ts';

const POLICY_ARN = 'arn:aws:iot:us-east-1:000000000000:policy/devices';
const DENY_ALL = ALLOW_ALL.replace('Allow', 'Deny');

let bench: IotBench;

beforeEach(async () => {
  bench = await iotBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

const create = (policyName = 'devices', policyDocument = ALLOW_ALL) =>
  bench.iot.send(new CreatePolicyCommand({ policyName, policyDocument }));
const addVersion = (setAsDefault = false, policyDocument = DENY_ALL) =>
  bench.iot.send(new CreatePolicyVersionCommand({ policyName: 'devices', policyDocument, setAsDefault }));
const remove = (policyName = 'devices') => bench.iot.send(new DeletePolicyCommand({ policyName }));
const removeVersion = (policyVersionId: string) =>
  bench.iot.send(new DeletePolicyVersionCommand({ policyName: 'devices', policyVersionId }));

async function certificate(): Promise<{ arn: string; raw: Buffer }> {
  const made = await bench.iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }));
  return { arn: made.certificateArn ?? '', raw: new X509Certificate(made.certificatePem ?? '').raw };
}

test('a policy is created, read and deleted', async () => {
  expect(await create()).toMatchObject({
    policyName: 'devices',
    policyArn: POLICY_ARN,
    policyDocument: ALLOW_ALL,
    policyVersionId: '1',
  });
  await create('others');
  const got = await bench.iot.send(new GetPolicyCommand({ policyName: 'devices' }));
  expect(got).toMatchObject({ policyArn: POLICY_ARN, policyDocument: ALLOW_ALL, defaultVersionId: '1' });
  const listed = await bench.iot.send(new ListPoliciesCommand({ ascendingOrder: true, pageSize: 1 }));
  expect(listed.policies).toEqual([{ policyName: 'devices', policyArn: POLICY_ARN }]);
  const rest = await bench.iot.send(new ListPoliciesCommand({ ascendingOrder: true, marker: listed.nextMarker }));
  expect(rest.policies?.map(({ policyName }) => policyName)).toEqual(['others']);
  await remove();
  await expect(remove()).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Policy not found',
    $metadata: { httpStatusCode: 404 },
  });
});

test('a name that is taken, or none, is refused', async () => {
  await create();
  await expect(create()).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'Policy cannot be created - name already exists (name=devices)',
    $metadata: { httpStatusCode: 409 },
  });
  await expect(create('a policy')).rejects.toThrow(
    "1 validation error detected: Value 'a policy' at 'policyName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
  );
  await expect(create('other', './policy.json')).rejects.toMatchObject({
    name: 'MalformedPolicyException',
    message: 'Policy document is Malformed',
  });
});

test('there are five versions at most, and the default one counts', async () => {
  await create();
  const { arn, raw } = await certificate();
  await bench.iot.send(new AttachPolicyCommand({ policyName: 'devices', target: arn }));
  const effects = () =>
    bench.registry.principalOf(raw)?.policies.flatMap(({ statements }) => statements.map(({ effect }) => effect));
  expect(await addVersion()).toMatchObject({ policyVersionId: '2', isDefaultVersion: false, policyArn: POLICY_ARN });
  expect(effects()).toEqual(['Allow']);
  expect(await addVersion(true)).toMatchObject({ policyVersionId: '3', isDefaultVersion: true });
  expect(effects()).toEqual(['Deny']);
  await bench.iot.send(new SetDefaultPolicyVersionCommand({ policyName: 'devices', policyVersionId: '1' }));
  expect(effects()).toEqual(['Allow']);
  await addVersion();
  await addVersion();
  await expect(addVersion()).rejects.toMatchObject({
    name: 'VersionsLimitExceededException',
    message: 'The policy devices already has the maximum number of versions (5)',
    $metadata: { httpStatusCode: 409 },
  });
  await removeVersion('2');
  expect(await addVersion()).toMatchObject({ policyVersionId: '6' });
  const { policyVersions } = await bench.iot.send(new ListPolicyVersionsCommand({ policyName: 'devices' }));
  expect(policyVersions?.map(({ versionId, isDefaultVersion }) => [versionId, isDefaultVersion])).toEqual([
    ['6', false],
    ['5', false],
    ['4', false],
    ['3', false],
    ['1', true],
  ]);
  const asked = new GetPolicyVersionCommand({ policyName: 'devices', policyVersionId: '3' });
  expect(await bench.iot.send(asked)).toMatchObject({ policyDocument: DENY_ALL, isDefaultVersion: false });
  await expect(removeVersion('1')).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'The default version of a policy cannot be deleted (name=devices)',
  });
  await expect(removeVersion('2')).rejects.toThrow('Policy version not found');
});

test('a policy with versions or principals cannot be deleted', async () => {
  await create();
  await addVersion();
  await expect(remove()).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'The policy cannot be deleted as versions other than than default version exist',
  });
  await removeVersion('2');
  const { arn } = await certificate();
  await bench.iot.send(new AttachPolicyCommand({ policyName: 'devices', target: arn }));
  await expect(remove()).rejects.toThrow(
    'The policy cannot be deleted as the policy is attached to one or more principals (name=devices)',
  );
  await bench.iot.send(new DetachPolicyCommand({ policyName: 'devices', target: arn }));
  await remove();
});

test('attachments are seen from both sides, by the new names and the old ones', async () => {
  await create();
  await create('others');
  const { arn } = await certificate();
  await bench.iot.send(new AttachPolicyCommand({ policyName: 'devices', target: arn }));
  await bench.iot.send(new AttachPrincipalPolicyCommand({ policyName: 'others', principal: arn }));
  const attached = await bench.iot.send(new ListAttachedPoliciesCommand({ target: arn }));
  expect(attached.policies?.map(({ policyName }) => policyName)).toEqual(['devices', 'others']);
  const byPrincipal = await bench.iot.send(new ListPrincipalPoliciesCommand({ principal: arn, pageSize: 1 }));
  expect(byPrincipal).toMatchObject({
    policies: [{ policyName: 'devices', policyArn: POLICY_ARN }],
    nextMarker: expect.any(String),
  });
  expect((await bench.iot.send(new ListTargetsForPolicyCommand({ policyName: 'others' }))).targets).toEqual([arn]);
  await bench.iot.send(new DetachPrincipalPolicyCommand({ policyName: 'others', principal: arn }));
  expect((await bench.iot.send(new ListPolicyPrincipalsCommand({ policyName: 'others' }))).principals).toEqual([]);
  await expect(bench.iot.send(new AttachPolicyCommand({ policyName: 'nothing', target: arn }))).rejects.toThrow(
    'Policy not found',
  );
});

test('a principal has ten policies at most', async () => {
  const { arn } = await certificate();
  for (let n = 0; n <= 10; n++) await create(`p${n}`);
  const attach = (n: number) => bench.iot.send(new AttachPolicyCommand({ policyName: `p${n}`, target: arn }));
  for (let n = 0; n < 10; n++) await attach(n);
  await attach(3);
  await expect(attach(10)).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: `A principal may have at most 10 policies: ${arn}`,
    $metadata: { httpStatusCode: 410 },
  });
});

test('tags are kept by ARN', async () => {
  await bench.iot.send(
    new CreatePolicyCommand({
      policyName: 'devices',
      policyDocument: ALLOW_ALL,
      tags: [{ Key: 'team', Value: '물' }],
    }),
  );
  await bench.iot.send(new TagResourceCommand({ resourceArn: POLICY_ARN, tags: [{ Key: 'env', Value: 'dev' }] }));
  await bench.iot.send(new UntagResourceCommand({ resourceArn: POLICY_ARN, tagKeys: ['team'] }));
  const { tags } = await bench.iot.send(new ListTagsForResourceCommand({ resourceArn: POLICY_ARN }));
  expect(tags).toEqual([{ Key: 'env', Value: 'dev' }]);
});

test('the endpoint is the name in the broker’s certificate', async () => {
  const endpoint = (endpointType?: string) => bench.iot.send(new DescribeEndpointCommand({ endpointType }));
  expect((await endpoint('iot:Data-ATS')).endpointAddress).toBe('localhost');
  expect((await endpoint()).endpointAddress).toBe('localhost');
  await expect(endpoint('iot:Jobs')).rejects.toThrow('does not support the endpoint type iot:Jobs');
  await expect(endpoint('iot:Nothing')).rejects.toMatchObject({ name: 'InvalidRequestException' });
});

test('what the emulator has not is refused by name', async () => {
  await expect(bench.iot.send(new CreateJobCommand({ jobId: 'j', targets: ['t'] }))).rejects.toMatchObject({
    name: 'NotImplementedException',
    message: 'The IoT emulator of naetmul does not support the operation CreateJob.',
    $metadata: { httpStatusCode: 501 },
  });
});

test('a reset forgets everything, the broker’s part too', async () => {
  await create();
  const { arn, raw } = await certificate();
  await bench.iot.send(new AttachPolicyCommand({ policyName: 'devices', target: arn }));
  for (const emulator of bench.emulators) await emulator.reset?.();
  expect(bench.registry.principalOf(raw)).toBeUndefined();
  expect(bench.state.resets).toBe(1);
  expect((await bench.iot.send(new ListPoliciesCommand({}))).policies).toEqual([]);
});
