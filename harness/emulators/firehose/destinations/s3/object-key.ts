import { createRandom } from '../../../../clock/index.ts';
import type { ErrorOutputType } from '../../failed-record.ts';
import type { PartitionKeys } from '../../runs.ts';
import { dateFields } from './date-fields.ts';
import type { PrefixTemplate } from './prefix.ts';

export interface ObjectKeyParts {
  readonly prefix: PrefixTemplate;
  readonly deliveryStreamName: string;
  readonly versionId: number;
  /** Arrival of the object's oldest record, ms since the epoch: the time of the prefix and of the name. */
  readonly oldestArrival: number;
  /** An IANA name. */
  readonly timeZone: string;
  /** The same for every attempt to deliver an object, so that a retry overwrites instead of doubling. */
  readonly uuid: string;
  /** With its dot; empty for none. */
  readonly extension: string;
  readonly errorOutputType?: ErrorOutputType | undefined;
  readonly partitionKeys?: PartitionKeys | undefined;
}

/**
 * The key of an object, `<evaluated prefix><suffix>`
 * (https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html). Equal parts give an equal key. AWS knows the
 * time to the second only, whatever digits a prefix asks for.
 */
export function objectKey(parts: ObjectKeyParts): string {
  const { uuid, errorOutputType, partitionKeys } = parts;
  const time = dateFields(Math.floor(parts.oldestArrival / 1000) * 1000, parts.timeZone);
  const prefix = parts.prefix.evaluate({ time, random: createRandom(uuid), errorOutputType, partitionKeys });
  const stamp = [
    String(time.year).padStart(4, '0'),
    ...[time.month, time.day, time.hour, time.minute, time.second].map((field) => String(field).padStart(2, '0')),
  ].join('-');
  return `${prefix}${parts.deliveryStreamName}-${parts.versionId}-${stamp}-${uuid}${parts.extension}`;
}
