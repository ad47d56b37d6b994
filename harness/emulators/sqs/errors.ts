import { AwsError } from '../../edge/aws-error.ts';
import type { Call } from '../../edge/emulator.ts';
import { MAX_BATCH_ENTRIES, MAX_MESSAGE_BYTES } from './limits.ts';

const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);

/** The texts are those of AWS as others have recorded them, unless docs/fidelity/sqs.md says otherwise. */
export const errors = {
  invalid,

  invalidValue: (value: unknown, parameter: string, reason: string) =>
    invalid(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`),

  missing: (parameter: string) =>
    new AwsError('MissingRequiredParameterException', `The request must contain the parameter ${parameter}.`),

  noSuchQueue: (call: Call) =>
    new AwsError(
      'QueueDoesNotExist',
      call.request.headers['x-amz-target'] === undefined
        ? 'The specified queue does not exist for this wsdl version.'
        : 'The specified queue does not exist.',
    ),

  queueExists: (attribute: string) =>
    new AwsError(
      'QueueNameExists',
      `A queue already exists with the same name and a different value for attribute ${attribute}`,
    ),

  deletedRecently: () =>
    new AwsError(
      'QueueDeletedRecently',
      'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
    ),

  purgeInProgress: (name: string) =>
    new AwsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`, 403),

  unknownAttribute: (name: string) => new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`),

  invalidAttribute: (name: string) => new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`),

  invalidHandle: (handle: string) =>
    new AwsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`, 404),

  overLimit: () => new AwsError('OverLimit', 'The maximum number of in flight messages has been reached.', 403),

  tooManyActions: (count: number) =>
    new AwsError('OverLimit', `${count} Actions were found, maximum allowed is 7.`, 403),

  emptyBatch: (entryType: string) =>
    new AwsError('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`),

  tooManyEntries: (count: number) =>
    new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_BATCH_ENTRIES}. You have sent ${count}.`,
    ),

  invalidEntryId: () =>
    new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    ),

  repeatedEntryId: (id: string) => new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`),

  batchTooLong: (bytes: number) =>
    new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    ),

  notFound: (message: string) => new AwsError('ResourceNotFoundException', message, 404),

  /** Something AWS has and naetmul has not: named, never ignored. */
  unsupported: (what: string) => new AwsError('UnsupportedOperation', `${what} is not supported by naetmul.`),
} as const;
