import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FirehoseRecord } from '../../runs.ts';
import type { HttpEndpoint } from './configuration.ts';

// Source of this file: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html.

const compress = promisify(gzip);

/** Records of one request. */
export const MAX_REQUEST_RECORDS = 10_000;

/** What is sent to an endpoint. */
export interface DeliveryRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RequestParts {
  /** A UUID, the same for all attempts. */
  readonly requestId: string;
  /** When the request is made, ms since the epoch. */
  readonly timestamp: number;
  readonly deliveryStreamArn: string;
  readonly records: readonly FirehoseRecord[];
}

export async function makeRequest(endpoint: HttpEndpoint, parts: RequestParts): Promise<DeliveryRequest> {
  const { url, accessKey, commonAttributes, gzip: compressed } = endpoint;
  const { requestId, timestamp } = parts;
  const records = parts.records.map(({ data }) => ({
    data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'),
  }));
  const content = Buffer.from(JSON.stringify({ requestId, timestamp, records }));
  const body = compressed ? await compress(content) : content;
  const hasAttributes = Object.keys(commonAttributes).length > 0;
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    ...(compressed ? { 'Content-Encoding': 'gzip' } : {}),
    // As endpoints see it: https://github.com/vectordotdev/vector, the tests of its source aws_kinesis_firehose.
    'User-Agent': 'Amazon Kinesis Data Firehose Agent/1.0',
    'X-Amz-Firehose-Protocol-Version': '1.0',
    'X-Amz-Firehose-Request-Id': requestId,
    'X-Amz-Firehose-Source-Arn': parts.deliveryStreamArn,
    // Byte for byte: Node sends each character of a header as one byte.
    ...(accessKey ? { 'X-Amz-Firehose-Access-Key': Buffer.from(accessKey).toString('latin1') } : {}),
    ...(hasAttributes ? { 'X-Amz-Firehose-Common-Attributes': asciiJson({ commonAttributes }) } : {}),
  };
  return { url, headers, body };
}

/** JSON in which other characters than ASCII's are escaped, as HTTP headers need it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * What a failed record is called in the backup: a number of 56 digits and a running number within it, as AWS's samples
 * have it (https://docs.aws.amazon.com/firehose/latest/dev/retry.html).
 */
export function dataIdOf({ id, kinesis }: FirehoseRecord): string {
  return `${kinesis?.sequenceNumber ?? numberOf(id)}.${kinesis?.subsequenceNumber ?? 0}`;
}

const DIGITS = 56;

function numberOf(id: string): string {
  const hash = BigInt(`0x${createHash('sha256').update(id).digest('hex')}`);
  return `49${(hash % 10n ** BigInt(DIGITS - 2)).toString().padStart(DIGITS - 2, '0')}`;
}
