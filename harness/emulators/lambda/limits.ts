/**
 * What Lambda allows. Sources, where no other is given: the service's API model (2015-03-31) and the developer guide's
 * page "Lambda quotas" (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
 */

/** Bytes of a zip file in a request. One from S3 may be as large as it is unpacked. */
export const MAX_ZIPPED_BYTES = 50 * 1024 * 1024;
/** Bytes of a function's code, unpacked. */
export const MAX_UNZIPPED_BYTES = 250 * 1024 * 1024;
/** Bytes of a whole CreateFunction or UpdateFunctionCode request, as their errors say. */
export const MAX_CODE_REQUEST_BYTES = 70_167_211;
/** Bytes of the code of all functions of an account and region. */
export const MAX_TOTAL_CODE_BYTES = 75 * 1024 ** 3;

/** Bytes of the payload of a synchronous invocation. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** Bytes of the payload of an asynchronous invocation; 256 KiB until October 2025. */
export const MAX_EVENT_BYTES = 1024 * 1024;
/** Bytes of `X-Amz-Client-Context`, in base64. */
export const MAX_CLIENT_CONTEXT_BYTES = 3583;

/** Bytes of all environment variables as JSON. */
export const MAX_ENVIRONMENT_BYTES = 4 * 1024;

/** Seconds. */
export const DEFAULT_TIMEOUT = 3;
export const MAX_TIMEOUT = 900;
/** MB. */
export const DEFAULT_MEMORY = 128;
export const MIN_MEMORY = 128;
export const MAX_MEMORY = 10_240;
/** MB of `/tmp`. */
export const DEFAULT_EPHEMERAL_STORAGE = 512;
export const MAX_EPHEMERAL_STORAGE = 10_240;
export const MAX_DESCRIPTION_LENGTH = 256;
export const MAX_HANDLER_LENGTH = 128;
export const MAX_TAGS = 50;

/** Environments of an account and region; new accounts have fewer. */
export const ACCOUNT_CONCURRENCY = 1000;
/** What reserved concurrency must leave to the other functions. */
export const MIN_UNRESERVED_CONCURRENCY = 100;

/** Pages of lists. */
export const DEFAULT_FUNCTIONS_PAGE = 50;
export const DEFAULT_MAPPINGS_PAGE = 100;
export const MAX_PAGE = 10_000;

/** Asynchronous invocation: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export const DEFAULT_ASYNC_RETRIES = 2;
/** Seconds. */
export const MIN_EVENT_AGE = 60;
export const MAX_EVENT_AGE = 21_600;

/** Records of one batch of an event source mapping. */
export const MAX_BATCH_SIZE = 10_000;
export const DEFAULT_SQS_BATCH_SIZE = 10;
export const DEFAULT_KINESIS_BATCH_SIZE = 100;
/** Messages of a batch without a window, and of a FIFO queue. */
export const MAX_SQS_BATCH_WITHOUT_WINDOW = 10;
/** Seconds. */
export const MAX_BATCHING_WINDOW = 300;

/**
 * The runtimes that can be chosen, in the order of AWS's own error. Those that naetmul cannot run are refused after
 * the check.
 */
export const RUNTIMES: readonly string[] = [
  'nodejs20.x',
  'python3.14',
  'provided.al2023',
  'python3.12',
  'python3.13',
  'nodejs24.x',
  'nodejs22.x',
  'java25',
  'python3.10',
  'python3.11',
  'java21',
  'ruby3.3',
  'ruby3.4',
  'ruby3.2',
  'python3.8',
  'python3.9',
  'java17',
  'nodejs16.x',
  'dotnet10',
  'dotnet8',
  'java11',
  'dotnet6',
  'nodejs18.x',
  'provided.al2',
  'java8.al2',
];

/** Runtimes that were, and with which no function can be created any more. */
export const RETIRED_RUNTIMES: readonly string[] = [
  'dotnetcore1.0',
  'dotnetcore2.0',
  'dotnetcore2.1',
  'dotnetcore3.1',
  'go1.x',
  'java8',
  'nodejs',
  'nodejs4.3',
  'nodejs4.3-edge',
  'nodejs6.10',
  'nodejs8.10',
  'nodejs10.x',
  'nodejs12.x',
  'nodejs14.x',
  'provided',
  'python2.7',
  'python3.6',
  'python3.7',
  'ruby2.5',
  'ruby2.7',
];
