import { AwsError } from '../../edge/aws-error.ts';

/** Texts checked against AWS by others, unless docs/fidelity/firehose.md says otherwise. */
export const errors = {
  notFound: (name: string, accountId: string) =>
    new AwsError('ResourceNotFoundException', `Firehose ${name} under account ${accountId} not found.`),

  alreadyExists: (name: string, accountId: string) =>
    new AwsError('ResourceInUseException', `Firehose ${name} under accountId ${accountId} already exists`),

  staleVersion: (name: string, current: string, given: string) =>
    new AwsError(
      'ConcurrentModificationException',
      `Cannot update firehose: ${name} since the current version id: ${current} and specified version id: ${given} do not match`,
    ),

  busy: (name: string, accountId: string, status: string) =>
    new AwsError('ResourceInUseException', `Firehose ${name} under accountId ${accountId} is in ${status} state`),

  invalid: (message: string) => new AwsError('InvalidArgumentException', message),

  limit: (message: string) => new AwsError('LimitExceededException', message),

  notDirectPut: () => errors.invalid('This operation is not permitted on KinesisStreamAsSource delivery stream type.'),

  notEncryptable: (type: string) =>
    errors.invalid(`Server-side encryption is not supported for the ${type} delivery stream type.`),

  tooManyEncryptionCalls: () =>
    errors.limit('StartDeliveryStreamEncryption and StopDeliveryStreamEncryption can be called 25 times in 24 hours.'),

  tooManyStreams: (quota: number, names: readonly string[]) =>
    errors.limit(
      `You have already consumed your firehose quota of ${quota} hoses. Firehose names: [${names.join(', ')}]`,
    ),

  /** `code` is the name of what KMS threw. */
  invalidKey: (code: string, message: string) => new AwsError('InvalidKMSResourceException', message, 400, { code }),

  slowDown: () => new AwsError('ServiceUnavailableException', SLOW_DOWN, 503),

  /** Something AWS has and naetmul has not (yet): named, never ignored. */
  unsupported: (what: string) => errors.invalid(`${what} is not supported by naetmul.`),
} as const;

export const SLOW_DOWN = 'Slow down.';
