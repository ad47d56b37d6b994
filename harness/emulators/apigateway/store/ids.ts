import type { Random } from '../../../clock/index.ts';

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';

function alphanumeric(random: Random, length: number, alphabet = ALPHANUMERIC): string {
  return Array.from({ length }, () => alphabet[random.integer(alphabet.length)]).join('');
}

/** An API's id is part of a host name: ten lower-case letters and digits. So is a root resource's. */
export const newApiId = (random: Random): string => alphanumeric(random, 10);
/** Resources and deployments have six. */
export const newPartId = (random: Random): string => alphanumeric(random, 6);
/** `$context.extendedRequestId`, such as `UBuxiEZSIAMFQ1Q=`: eleven bytes in base64. */
export const newExtendedRequestId = (random: Random): string => random.bytes(11).toString('base64');
/** What a client sends as its API key: forty letters and digits. */
export const newApiKeyValue = (random: Random): string =>
  alphanumeric(random, 40, `${ALPHANUMERIC}ABCDEFGHIJKLMNOPQRSTUVWXYZ`);
/** The opaque name of an execution log's stream: 32 hex digits. */
export const newLogStreamName = (random: Random): string => random.bytes(16).toString('hex');

/** The root of an X-Ray trace id: version, the time in seconds in hex, 96 bits. */
export function newTraceRoot(random: Random, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${random.bytes(12).toString('hex')}`;
}
