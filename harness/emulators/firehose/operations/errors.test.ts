import { expect, test } from 'vitest';
import { BROOK, brookBench, type FirehoseBench, ROLE_ARN } from '../testing.ts';

/** Every error of the API that is about more than one request's own members, exactly as a client gets it. */

const NAME = { DeliveryStreamName: 'brook' };
const RECORD = { Data: Buffer.from('a') };
const NOT_FOUND = ['ResourceNotFoundException', 'Firehose stone under account 000000000000 not found.'] as const;
const IN_USE = 'ResourceInUseException';
const INVALID = 'InvalidArgumentException';
const UPDATE = {
  ...NAME,
  CurrentDeliveryStreamVersionId: '1',
  DestinationId: 'destinationId-000000000001',
  ExtendedS3DestinationUpdate: {},
};
/** A stream whose source cannot be read yet. */
const SPRING = {
  ...BROOK,
  DeliveryStreamName: 'spring',
  DeliveryStreamType: 'KinesisStreamAsSource',
  KinesisStreamSourceConfiguration: {
    KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/ingest',
    RoleARN: ROLE_ARN,
  },
};
const violation = (text: string) => `1 validation error detected: ${text}`;
const batch = (count: number, size = 1) => ({
  ...NAME,
  Records: new Array(count).fill({ Data: Buffer.alloc(size) }),
});

async function bench(): Promise<FirehoseBench> {
  const made = await brookBench({ Tags: [{ Key: 'team', Value: 'water' }] }, (command) => {
    if (command === 'PutObject') return undefined;
    throw new Error('Kinesis is away');
  });
  await made.call('CreateDeliveryStream', SPRING);
  await made.clock.settled();
  return made;
}

type Row = readonly [operation: string, input: object, code: string, message: string];

const TABLE: readonly Row[] = [
  ['CreateDeliveryStream', BROOK, IN_USE, 'Firehose brook under accountId 000000000000 already exists'],
  [
    'CreateDeliveryStream',
    { ...BROOK, DeliveryStreamName: undefined },
    'ValidationException',
    violation("Value null at 'deliveryStreamName' failed to satisfy constraint: Member must not be null"),
  ],
  [
    'CreateDeliveryStream',
    { DeliveryStreamName: 'stone' },
    INVALID,
    'Exactly one destination configuration is supported for a Firehose',
  ],
  [
    'CreateDeliveryStream',
    { ...BROOK, DeliveryStreamName: 'stone', Tags: [] },
    'ValidationException',
    violation("Value at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1"),
  ],
  ['DescribeDeliveryStream', { DeliveryStreamName: 'stone' }, ...NOT_FOUND],
  [
    'DescribeDeliveryStream',
    { ...NAME, Limit: 10_001 },
    'ValidationException',
    violation(
      "Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
    ),
  ],
  [
    'ListDeliveryStreams',
    { Limit: 10_001 },
    'ValidationException',
    violation(
      "Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
    ),
  ],
  [
    'ListDeliveryStreams',
    { DeliveryStreamType: 'River' },
    'ValidationException',
    violation(
      "Value 'River' at 'deliveryStreamType' failed to satisfy constraint: Member must satisfy enum value set: [DirectPut, KinesisStreamAsSource, MSKAsSource, DatabaseAsSource]",
    ),
  ],
  ['UpdateDestination', { ...UPDATE, DeliveryStreamName: 'stone' }, ...NOT_FOUND],
  [
    'UpdateDestination',
    { ...UPDATE, CurrentDeliveryStreamVersionId: '7' },
    'ConcurrentModificationException',
    'Cannot update firehose: brook since the current version id: 1 and specified version id: 7 do not match',
  ],
  [
    'UpdateDestination',
    { ...UPDATE, CurrentDeliveryStreamVersionId: 'one' },
    'ValidationException',
    violation(
      "Value 'one' at 'currentDeliveryStreamVersionId' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9]+",
    ),
  ],
  [
    'UpdateDestination',
    { ...UPDATE, DeliveryStreamName: 'spring' },
    IN_USE,
    'Firehose spring under accountId 000000000000 is in CREATING state',
  ],
  [
    'UpdateDestination',
    { ...UPDATE, DestinationId: 'destinationId-000000000002' },
    INVALID,
    'Destination Id destinationId-000000000002 not found',
  ],
  [
    'UpdateDestination',
    { ...UPDATE, ExtendedS3DestinationUpdate: undefined },
    INVALID,
    'Exactly one destination update is supported for a Firehose',
  ],
  ['DeleteDeliveryStream', { DeliveryStreamName: 'stone' }, ...NOT_FOUND],
  [
    'DeleteDeliveryStream',
    { DeliveryStreamName: 'spring', AllowForceDelete: true },
    IN_USE,
    'Firehose spring under accountId 000000000000 is in CREATING state',
  ],
  ['PutRecord', { DeliveryStreamName: 'stone', Record: RECORD }, ...NOT_FOUND],
  [
    'PutRecord',
    { DeliveryStreamName: 'spring', Record: RECORD },
    INVALID,
    'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
  ],
  [
    'PutRecord',
    { ...NAME, Record: { Data: Buffer.alloc(1_024_001) } },
    'ValidationException',
    violation(
      "Value at 'record.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
    ),
  ],
  ['PutRecordBatch', { DeliveryStreamName: 'stone', Records: [RECORD] }, ...NOT_FOUND],
  [
    'PutRecordBatch',
    { DeliveryStreamName: 'spring', Records: [RECORD] },
    INVALID,
    'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
  ],
  [
    'PutRecordBatch',
    batch(501),
    'ValidationException',
    violation("Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500"),
  ],
  ['PutRecordBatch', batch(5, 1_000_000), INVALID, 'Records size exceeds 4 MB limit'],
  ['TagDeliveryStream', { DeliveryStreamName: 'stone', Tags: [{ Key: 'a' }] }, ...NOT_FOUND],
  [
    'TagDeliveryStream',
    { ...NAME, Tags: Array.from({ length: 50 }, (_, n) => ({ Key: `key-${n}` })) },
    'LimitExceededException',
    'A delivery stream can have up to 50 tags',
  ],
  [
    'TagDeliveryStream',
    { ...NAME, Tags: [{ Key: 'aws:team', Value: 'v'.repeat(257) }] },
    'ValidationException',
    `2 validation errors detected: Value 'aws:team' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$; Value '${'v'.repeat(257)}' at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256`,
  ],
  ['UntagDeliveryStream', { DeliveryStreamName: 'stone', TagKeys: ['a'] }, ...NOT_FOUND],
  [
    'UntagDeliveryStream',
    { ...NAME, TagKeys: Array.from({ length: 51 }, (_, n) => `key-${n}`) },
    'ValidationException',
    violation("Value at 'tagKeys' failed to satisfy constraint: Member must have length less than or equal to 50"),
  ],
  ['ListTagsForDeliveryStream', { DeliveryStreamName: 'stone' }, ...NOT_FOUND],
  [
    'ListTagsForDeliveryStream',
    { ...NAME, Limit: 51 },
    'ValidationException',
    violation("Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50"),
  ],
  ['StartDeliveryStreamEncryption', { DeliveryStreamName: 'stone' }, ...NOT_FOUND],
  [
    'StartDeliveryStreamEncryption',
    { DeliveryStreamName: 'spring' },
    INVALID,
    'Server-side encryption is not supported for the KinesisStreamAsSource delivery stream type.',
  ],
  ['StopDeliveryStreamEncryption', { DeliveryStreamName: 'stone' }, ...NOT_FOUND],
  [
    'StopDeliveryStreamEncryption',
    { DeliveryStreamName: 'spring' },
    INVALID,
    'Server-side encryption is not supported for the KinesisStreamAsSource delivery stream type.',
  ],
];

test.each(TABLE)('$0 is answered with $2: $3', async (operation, input, code, message) => {
  const { call } = await bench();
  await expect(call(operation, input)).rejects.toMatchObject({ code, message, status: 400 });
});

test('every operation is in the table', async () => {
  const { emulator } = await bench();
  const operations = emulator.operations.map(({ schema }) => schema[2]);
  expect(operations.toSorted()).toEqual([...new Set(TABLE.map(([operation]) => operation))].toSorted());
});
