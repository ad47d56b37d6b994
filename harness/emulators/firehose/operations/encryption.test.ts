import { describe, expect, test } from 'vitest';
import { type Answer, awsError, BROOK, brookBench, type FirehoseBench, firehoseBench, ROLE_ARN } from '../testing.ts';

const NAME = { DeliveryStreamName: 'brook' };
const KEY = 'arn:aws:kms:us-east-1:000000000000:key/1234';
const OWNED = { KeyType: 'AWS_OWNED_CMK' };
const MANAGED = { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: KEY };
const INPUT = 'DeliveryStreamEncryptionConfigurationInput';

const kms =
  (KeyMetadata: object): Answer =>
  (command) =>
    command === 'DescribeKey' ? { KeyMetadata } : undefined;
const usable = kms({ KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT' });

async function shown({ call }: FirehoseBench): Promise<unknown> {
  const { DeliveryStreamDescription } = await call<{ DeliveryStreamDescription: Record<string, unknown> }>(
    'DescribeDeliveryStream',
    NAME,
  );
  return DeliveryStreamDescription.DeliveryStreamEncryptionConfiguration;
}

async function encrypted({ call }: FirehoseBench): Promise<unknown[]> {
  const record = { Data: Buffer.from('a') };
  const one = await call('PutRecord', { ...NAME, Record: record });
  const many = await call('PutRecordBatch', { ...NAME, Records: [record] });
  return [one.Encrypted, many.Encrypted];
}

describe('server-side encryption', () => {
  test('is ENABLING for a while, then ENABLED, and puts say so; and back', async () => {
    const bench = await brookBench();
    expect(await shown(bench)).toEqual({ Status: 'DISABLED' });
    expect(await bench.call('StartDeliveryStreamEncryption', NAME)).toEqual({});
    expect(await shown(bench)).toEqual({ Status: 'ENABLING', KeyType: 'AWS_OWNED_CMK' });
    expect(await encrypted(bench)).toEqual([false, false]);
    await bench.clock.advance(5000);
    expect(await shown(bench)).toEqual({ Status: 'ENABLED', KeyType: 'AWS_OWNED_CMK' });
    expect(await encrypted(bench)).toEqual([true, true]);
    expect(await bench.call('StopDeliveryStreamEncryption', NAME)).toEqual({});
    expect(await shown(bench)).toEqual({ Status: 'DISABLING', KeyType: 'AWS_OWNED_CMK' });
    expect(await encrypted(bench)).toEqual([true, true]);
    await bench.clock.advance(5000);
    expect(await shown(bench)).toEqual({ Status: 'DISABLED' });
    expect(await encrypted(bench)).toEqual([false, false]);
  });

  test('a stream can have it from the beginning, and change to a key of one’s own without a gap', async () => {
    const bench = await brookBench({ [INPUT]: OWNED }, usable);
    expect(await shown(bench)).toEqual({ Status: 'ENABLED', KeyType: 'AWS_OWNED_CMK' });
    await bench.call('StartDeliveryStreamEncryption', { ...NAME, [INPUT]: MANAGED });
    expect(await encrypted(bench)).toEqual([true, true]);
    expect(await shown(bench)).toEqual({ Status: 'ENABLING', ...MANAGED });
    await bench.clock.advance(5000);
    expect(await shown(bench)).toEqual({ Status: 'ENABLED', ...MANAGED });
  });

  test('does not change while it changes', async () => {
    const { call } = await brookBench();
    await call('StartDeliveryStreamEncryption', NAME);
    await expect(call('StopDeliveryStreamEncryption', NAME)).rejects.toMatchObject({
      code: 'ResourceInUseException',
      message: 'Firehose brook under accountId 000000000000 is in ENABLING state',
    });
  });

  test('25 calls in 24 hours are the most', async () => {
    const { call, clock } = await brookBench();
    for (let count = 0; count < 25; count++) await call('StopDeliveryStreamEncryption', NAME);
    await expect(call('StartDeliveryStreamEncryption', NAME)).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: 'StartDeliveryStreamEncryption and StopDeliveryStreamEncryption can be called 25 times in 24 hours.',
    });
    await clock.advance(24 * 3_600_000);
    await call('StartDeliveryStreamEncryption', NAME);
  });

  test('is for direct puts alone', async () => {
    const KinesisStreamSourceConfiguration = {
      KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/ingest',
      RoleARN: ROLE_ARN,
    };
    const { call } = await firehoseBench();
    await expect(
      call('CreateDeliveryStream', {
        ...BROOK,
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration,
        [INPUT]: OWNED,
      }),
    ).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: 'Server-side encryption is not supported for the KinesisStreamAsSource delivery stream type.',
    });
  });

  test.each([
    [{}, 'keyType', 'Value null', 'Member must not be null'],
    [
      { KeyType: 'MINE' },
      'keyType',
      "Value 'MINE'",
      'Member must satisfy enum value set: [AWS_OWNED_CMK, CUSTOMER_MANAGED_CMK]',
    ],
    [
      { ...OWNED, KeyARN: 'key' },
      'keyARN',
      "Value 'key'",
      'Member must satisfy regular expression pattern: arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+',
    ],
  ])('%j is a violation', async (input, member, value, constraint) => {
    const { call } = await brookBench();
    const message = `1 validation error detected: ${value} at 'deliveryStreamEncryptionConfigurationInput.${member}' failed to satisfy constraint: ${constraint}`;
    const refused = { code: 'ValidationException', message };
    await expect(call('StartDeliveryStreamEncryption', { ...NAME, [INPUT]: input })).rejects.toMatchObject(refused);
    const create = { ...BROOK, DeliveryStreamName: 'river', [INPUT]: input };
    await expect(call('CreateDeliveryStream', create)).rejects.toMatchObject(refused);
  });

  test.each([
    [{ KeyType: 'CUSTOMER_MANAGED_CMK' }, 'KeyARN must be specified for the key type CUSTOMER_MANAGED_CMK'],
    [{ ...OWNED, KeyARN: KEY }, 'KeyARN must not be specified for the key type AWS_OWNED_CMK'],
  ])('%j is refused', async (input, message) => {
    const { call } = await brookBench();
    await expect(call('StartDeliveryStreamEncryption', { ...NAME, [INPUT]: input })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message,
    });
  });

  const missing: Answer = (command) => {
    if (command === 'DescribeKey') throw awsError('NotFoundException', `Key '${KEY}' does not exist`);
  };
  test.each([
    ['missing', missing, 'NotFoundException', `Key '${KEY}' does not exist`],
    [
      'disabled',
      kms({ KeyState: 'Disabled', KeySpec: 'SYMMETRIC_DEFAULT' }),
      'DisabledException',
      `${KEY} is disabled.`,
    ],
    [
      'about to be deleted',
      kms({ KeyState: 'PendingDeletion', KeySpec: 'SYMMETRIC_DEFAULT' }),
      'KMSInvalidStateException',
      `${KEY} is pending deletion.`,
    ],
    [
      'asymmetric',
      kms({ KeyState: 'Enabled', KeySpec: 'RSA_2048' }),
      'InvalidKeyUsageException',
      `${KEY} key spec is RSA_2048, not SYMMETRIC_DEFAULT.`,
    ],
  ])('a key that is %s cannot be used', async (_name, answer, code, message) => {
    const bench = await brookBench({}, answer);
    const refused = { code: 'InvalidKMSResourceException', message, members: { code } };
    const input = { ...NAME, [INPUT]: MANAGED };
    await expect(bench.call('StartDeliveryStreamEncryption', input)).rejects.toMatchObject(refused);
    const create = { ...BROOK, DeliveryStreamName: 'river', [INPUT]: MANAGED };
    await expect(bench.call('CreateDeliveryStream', create)).rejects.toMatchObject(refused);
    expect(await shown(bench)).toEqual({ Status: 'DISABLED' });
  });
});
