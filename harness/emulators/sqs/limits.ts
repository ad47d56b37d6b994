/**
 * What Amazon SQS allows. Sources, unless said otherwise: the service's API model (2012-11-05) and the developer
 * guide's pages "Amazon SQS message quotas" and "Amazon SQS standard queue quotas".
 */

/** Bytes of a message's body and attributes together; also the total of one batch. 256 KiB until August 2025. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** The least that the attribute MaximumMessageSize may be. */
export const MIN_MAXIMUM_MESSAGE_BYTES = 1024;

export const MAX_BATCH_ENTRIES = 10;
export const MAX_BATCH_ENTRY_ID_LENGTH = 80;
export const MAX_QUEUE_NAME_LENGTH = 80;
export const MAX_MESSAGE_ATTRIBUTES = 10;
/** Messages of one ReceiveMessage. */
export const MAX_RECEIVED = 10;

/** Seconds. */
export const MAX_VISIBILITY_TIMEOUT = 43_200;
export const MAX_DELAY = 900;
export const MAX_WAIT = 20;
export const MIN_RETENTION = 60;
export const MAX_RETENTION = 1_209_600;
export const MIN_DATA_KEY_REUSE = 60;
export const MAX_DATA_KEY_REUSE = 86_400;

export const MAX_RECEIVE_COUNT = 1000;
/** Queues that a RedriveAllowPolicy may name. */
export const MAX_SOURCE_QUEUES = 10;

/** Messages that may be in flight at once, of either type of queue (20,000 for FIFO until 2024). */
export const MAX_IN_FLIGHT = 120_000;

/** How long a FIFO queue remembers a deduplication id. */
export const DEDUPLICATION_MS = 5 * 60_000;

/** A queue's name may be taken again, and a queue purged again, after this long. */
export const RECREATE_AFTER_MS = 60_000;
export const PURGE_AGAIN_AFTER_MS = 60_000;

/** ListQueues and ListDeadLetterSourceQueues: results per page. */
export const MAX_RESULTS = 1000;

export const MAX_TAGS = 50;

/** StartMessageMoveTask: messages per second; also how fast a task without a rate is here. */
export const MAX_MOVE_RATE = 500;
/** ListMessageMoveTasks shows the newest tasks of a queue. */
export const MAX_MOVE_TASKS = 10;
