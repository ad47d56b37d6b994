import type { HintsLimits } from '../hints.ts';

// The API model (2015-08-04) and https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html.
export const HINTS: HintsLimits = {
  sizeInMBs: { min: 1, max: 100, default: 5 },
  intervalInSeconds: { min: 0, max: 900, default: 300 },
};
export const RETRY_SECONDS = { min: 0, max: 7200, default: 300 } as const;
export const INDEX_NAME_LENGTH = { min: 1, max: 80 } as const;
export const MAX_TYPE_NAME_LENGTH = 100;
export const MAX_DOMAIN_ARN_LENGTH = 512;
export const DOMAIN_ARN_PATTERN = 'arn:.*:es:[a-zA-Z0-9\\-]+:\\d{12}:domain/[a-z][-0-9a-z]{2,27}';
export const MAX_CLUSTER_ENDPOINT_LENGTH = 512;
export const CLUSTER_ENDPOINT_PATTERN = 'https:.*';

/**
 * Bytes of one bulk request. The smallest of a domain's limits for the payload of a request: 10 MiB on small instances
 * (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#network-limits).
 */
export const MAX_BULK_BYTES = 10 * 1024 * 1024;

/** Pauses between two attempts: doubled each time. AWS does not document them. */
export const FIRST_PAUSE_MS = 1000;
export const MAX_PAUSE_MS = 60_000;
