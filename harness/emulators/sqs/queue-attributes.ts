import { AwsError } from '../../edge/aws-error.ts';
import { errors } from './errors.ts';
import {
  MAX_DATA_KEY_REUSE,
  MAX_DELAY,
  MAX_MESSAGE_BYTES,
  MAX_RETENTION,
  MAX_VISIBILITY_TIMEOUT,
  MAX_WAIT,
  MIN_DATA_KEY_REUSE,
  MIN_MAXIMUM_MESSAGE_BYTES,
  MIN_RETENTION,
} from './limits.ts';

/** Attributes that a user sets, as AWS writes them: all are text. */
export type QueueAttributes = Map<string, string>;

const NUMBERS: Readonly<Record<string, { readonly least: number; readonly most: number; readonly preset: number }>> = {
  DelaySeconds: { least: 0, most: MAX_DELAY, preset: 0 },
  MaximumMessageSize: { least: MIN_MAXIMUM_MESSAGE_BYTES, most: MAX_MESSAGE_BYTES, preset: MAX_MESSAGE_BYTES },
  MessageRetentionPeriod: { least: MIN_RETENTION, most: MAX_RETENTION, preset: 345_600 },
  ReceiveMessageWaitTimeSeconds: { least: 0, most: MAX_WAIT, preset: 0 },
  VisibilityTimeout: { least: 0, most: MAX_VISIBILITY_TIMEOUT, preset: 30 },
};

const KEY_REUSE = 'KmsDataKeyReusePeriodSeconds';
const BOOLEANS = ['ContentBasedDeduplication', 'FifoQueue', 'SqsManagedSseEnabled'];
const TEXTS = ['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy'];
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  DeduplicationScope: ['messageGroup', 'queue'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};
const FIFO_ONLY = ['ContentBasedDeduplication', ...Object.keys(CHOICES)];

/** Attributes that can only be read. */
export const READ_ONLY = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];

/** Every attribute that can be asked for. */
export const READABLE = new Set([
  ...READ_ONLY,
  ...Object.keys(NUMBERS),
  KEY_REUSE,
  ...BOOLEANS,
  ...TEXTS,
  ...Object.keys(CHOICES),
]);

/** What a new queue has unless it is told otherwise. */
export function presets(fifo: boolean): QueueAttributes {
  const attributes: QueueAttributes = new Map([['SqsManagedSseEnabled', 'true']]);
  for (const [name, { preset }] of Object.entries(NUMBERS)) attributes.set(name, String(preset));
  if (fifo) {
    attributes.set('FifoQueue', 'true');
    attributes.set('ContentBasedDeduplication', 'false');
    attributes.set('DeduplicationScope', 'queue');
    attributes.set('FifoThroughputLimit', 'perQueue');
  }
  return attributes;
}

/** Checks attributes that a user sets, all but the redrive policies, and writes each in AWS's own way. */
export function readAttributes(given: Readonly<Record<string, string>>, fifo: boolean): QueueAttributes {
  const attributes: QueueAttributes = new Map();
  for (const [name, value] of Object.entries(given)) {
    checkKnown(name, fifo);
    attributes.set(name, normal(name, value));
  }
  if (attributes.get('KmsMasterKeyId') && attributes.get('SqsManagedSseEnabled') === 'true') throw bothEncryptions();
  return attributes;
}

/** Puts new values into effect; an empty text takes an attribute away. */
export function applyAttributes(attributes: QueueAttributes, changes: QueueAttributes): void {
  for (const [name, value] of changes) {
    if (value === '' && TEXTS.includes(name)) attributes.delete(name);
    else attributes.set(name, value);
  }
  if (changes.get('KmsMasterKeyId')) {
    attributes.set('SqsManagedSseEnabled', 'false');
    if (!attributes.has(KEY_REUSE)) attributes.set(KEY_REUSE, '300');
  }
}

function checkKnown(name: string, fifo: boolean): void {
  if (!READABLE.has(name) || READ_ONLY.includes(name)) throw errors.unknownAttribute(name);
  if (fifo) return;
  if (name in CHOICES) {
    throw new AwsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
  }
  if (name === 'FifoQueue' || FIFO_ONLY.includes(name)) throw errors.unknownAttribute(name);
}

function normal(name: string, value: string): string {
  if (BOOLEANS.includes(name)) {
    const lower = value.toLowerCase();
    if (name === 'FifoQueue' && lower !== 'true') {
      throw new AwsError(
        'InvalidAttributeValue',
        'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
      );
    }
    if (lower !== 'true' && lower !== 'false') throw errors.invalidAttribute(name);
    return lower;
  }
  const limits = name === KEY_REUSE ? { least: MIN_DATA_KEY_REUSE, most: MAX_DATA_KEY_REUSE } : NUMBERS[name];
  if (limits) {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < limits.least || number > limits.most) throw errors.invalidAttribute(name);
    return String(number);
  }
  if (CHOICES[name] && !CHOICES[name].includes(value)) throw errors.invalidAttribute(name);
  if (name === 'Policy' && value !== '' && !isJsonObject(value)) throw errors.invalidAttribute(name);
  return value;
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function bothEncryptions(): AwsError {
  return new AwsError(
    'InvalidAttributeName',
    'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  );
}
