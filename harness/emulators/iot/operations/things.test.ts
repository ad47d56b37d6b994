import {
  AttachThingPrincipalCommand,
  CreateKeysAndCertificateCommand,
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  DetachThingPrincipalCommand,
  ListPrincipalThingsCommand,
  ListThingPrincipalsCommand,
  ListThingsCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type IotBench, iotBench } from '../testing.ts';

let bench: IotBench;

beforeEach(async () => {
  bench = await iotBench();
});

afterEach(() => bench[Symbol.asyncDispose]());

const create = (thingName: string, attributes?: Record<string, string>) =>
  bench.iot.send(new CreateThingCommand({ thingName, ...(attributes && { attributePayload: { attributes } }) }));
const describeThing = (thingName: string) => bench.iot.send(new DescribeThingCommand({ thingName }));

test('a thing is created, described, changed and deleted', async () => {
  const created = await create('pi-1', { site: 'north' });
  expect(created).toMatchObject({
    thingName: 'pi-1',
    thingArn: 'arn:aws:iot:us-east-1:000000000000:thing/pi-1',
    thingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const update = (
    attributePayload: { attributes: Record<string, string>; merge?: boolean },
    expectedVersion?: number,
  ) => bench.iot.send(new UpdateThingCommand({ thingName: 'pi-1', attributePayload, expectedVersion }));
  await update({ attributes: { floor: '2' }, merge: true }, 1);
  expect(await describeThing('pi-1')).toMatchObject({
    defaultClientId: 'pi-1',
    thingId: created.thingId,
    attributes: { site: 'north', floor: '2' },
    version: 2,
  });
  await update({ attributes: { floor: '' }, merge: true });
  expect((await describeThing('pi-1')).attributes).toEqual({ site: 'north' });
  await update({ attributes: { gas: 'no2' } });
  expect((await describeThing('pi-1')).attributes).toEqual({ gas: 'no2' });
  await expect(update({ attributes: {} }, 1)).rejects.toMatchObject({
    name: 'VersionConflictException',
    message: 'The version for thing pi-1 does not match the expected version.',
    $metadata: { httpStatusCode: 409 },
  });
  await bench.iot.send(new DeleteThingCommand({ thingName: 'pi-1' }));
  await expect(describeThing('pi-1')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Thing pi-1 not found.',
  });
  await bench.iot.send(new DeleteThingCommand({ thingName: 'pi-1' }));
});

test('the same thing again is no error, one with other attributes is', async () => {
  const { thingId } = await create('pi-1', { site: 'north' });
  expect((await create('pi-1', { site: 'north' })).thingId).toBe(thingId);
  await expect(create('pi-1', { site: 'south' })).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
    message: 'Thing pi-1 already exists in account with different attributes',
    resourceArn: 'arn:aws:iot:us-east-1:000000000000:thing/pi-1',
  });
});

test('names and attributes are held against the model', async () => {
  await expect(create('pi 1')).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message:
      "1 validation error detected: Value 'pi 1' at 'thingName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9:_-]+",
  });
  await expect(create('pi-1', { 'a b': '1' })).rejects.toThrow(
    /^1 validation error detected: Value '\{"a b":"1"\}' at 'attributePayload.attributes' failed to satisfy constraint: Map keys/,
  );
  await expect(create('pi-1', { a: '1', b: '2', c: '3', d: '4' })).rejects.toThrow(
    'A thing without a thing type may have at most 3 attributes.',
  );
  await expect(
    bench.iot.send(new CreateThingCommand({ thingName: 'pi-1', thingTypeName: 'sensor' })),
  ).rejects.toMatchObject({
    name: 'NotImplementedException',
    message: 'The IoT emulator of naetmul does not support thing types (thingTypeName).',
  });
});

test('lists are paged and filtered', async () => {
  for (const n of [1, 2, 3]) await create(`pi-${n}`, { site: n === 3 ? 'south' : `north-${n}` });
  const first = await bench.iot.send(new ListThingsCommand({ maxResults: 2 }));
  expect(first.things?.map(({ thingName }) => thingName)).toEqual(['pi-1', 'pi-2']);
  const second = await bench.iot.send(new ListThingsCommand({ maxResults: 2, nextToken: first.nextToken }));
  expect(second).toMatchObject({ things: [{ thingName: 'pi-3', attributes: { site: 'south' }, version: 1 }] });
  expect(second.nextToken).toBeUndefined();
  const north = await bench.iot.send(
    new ListThingsCommand({ attributeName: 'site', attributeValue: 'north', usePrefixAttributeValue: true }),
  );
  expect(north.things).toHaveLength(2);
  await expect(bench.iot.send(new ListThingsCommand({ maxResults: 251 }))).rejects.toThrow(
    "1 validation error detected: Value '251' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 250",
  );
});

test('a certificate is attached to a thing, which then cannot be deleted', async () => {
  await create('pi-1');
  const { certificateArn: principal } = await bench.iot.send(new CreateKeysAndCertificateCommand({}));
  await bench.iot.send(new AttachThingPrincipalCommand({ thingName: 'pi-1', principal }));
  expect((await bench.iot.send(new ListThingPrincipalsCommand({ thingName: 'pi-1' }))).principals).toEqual([principal]);
  expect((await bench.iot.send(new ListPrincipalThingsCommand({ principal }))).things).toEqual(['pi-1']);
  await expect(bench.iot.send(new DeleteThingCommand({ thingName: 'pi-1' }))).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'Cannot delete. Thing pi-1 is still attached to one or more principals',
  });
  await bench.iot.send(new DetachThingPrincipalCommand({ thingName: 'pi-1', principal }));
  await bench.iot.send(new DeleteThingCommand({ thingName: 'pi-1' }));
  await expect(bench.iot.send(new ListThingPrincipalsCommand({ thingName: 'pi-1' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Failed to list principals for thing pi-1 because the thing does not exist in your account',
  });
});

test('a principal is an existing certificate', async () => {
  await create('pi-1');
  const attach = (principal: string) =>
    bench.iot.send(new AttachThingPrincipalCommand({ thingName: 'pi-1', principal }));
  await expect(attach(`arn:aws:iot:us-east-1:000000000000:cert/${'0'.repeat(64)}`)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The certificate given in the principal does not exist.',
  });
  await expect(attach('us-east-1:11111111-2222-3333-4444-555555555555')).rejects.toThrow(
    'does not support the principal us-east-1:11111111-2222-3333-4444-555555555555: only certificates',
  );
});
