import type { AwsAccess } from '../../../edge/emulator.ts';
import { ids, type LedgerId } from '../../../ledger/index.ts';
import { errors } from '../errors.ts';

/** Where an event stream goes. */
export interface Destination {
  readonly arn: string;
  /** `kinesis/<stream>` or `firehose/<delivery stream>`. */
  readonly place: string;
  /** Puts up to 500 records; what became of each, in their order. Rejects when the whole call failed. */
  put(records: readonly StreamRecord[]): Promise<PutOutcome[]>;
}

export interface StreamRecord {
  readonly data: Buffer;
  /** For Kinesis. Which one Pinpoint takes is not known; with one of its own each, events are spread over the shards. */
  readonly partitionKey: string;
}

/** What the ledger calls the record now, or why it was not taken. */
export type PutOutcome = { readonly into: LedgerId } | { readonly error: string };

const ARN = /^arn:aws[\w-]*:(kinesis|firehose):([a-z0-9-]+):\d{12}:(?:stream|deliverystream)\/([\w.-]+)$/;

/**
 * The destination that an ARN names, once it has been seen to exist: Pinpoint's role needs
 * `kinesis:DescribeStream` or `firehose:DescribeDeliveryStream` for that ("IAM role for streaming events to Kinesis").
 *
 * @throws BadRequestException when it cannot be put to
 */
export async function openDestination(arn: string, aws: AwsAccess): Promise<Destination> {
  const [, service, region = '', name = ''] = ARN.exec(arn) ?? [];
  if (service === undefined || !arn.includes(service === 'kinesis' ? ':stream/' : ':deliverystream/')) {
    throw errors.streamValidation(`${arn} is not the ARN of a Kinesis stream or a Firehose delivery stream`);
  }
  const destination =
    service === 'kinesis' ? await kinesis(arn, region, name, aws) : await firehose(arn, region, name, aws);
  let found: string | undefined;
  try {
    found = await destination.describe();
  } catch (error) {
    throw errors.streamValidation(reasonOf(error));
  }
  if (found !== arn) throw errors.streamValidation(`there is no ${arn}`);
  return destination;
}

interface Describable extends Destination {
  /** The ARN that it has. */
  describe(): Promise<string | undefined>;
}

async function kinesis(arn: string, region: string, name: string, aws: AwsAccess): Promise<Describable> {
  const { DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand } = await import('@aws-sdk/client-kinesis');
  const client = aws.client(KinesisClient, region);
  return {
    arn,
    place: `kinesis/${name}`,
    async describe() {
      const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName: name }));
      return answer.StreamDescriptionSummary?.StreamARN;
    },
    async put(records) {
      const Records = records.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey }));
      const answer = await client.send(new PutRecordsCommand({ StreamName: name, Records }));
      return (answer.Records ?? []).map(({ SequenceNumber, ErrorCode, ErrorMessage }) =>
        SequenceNumber === undefined
          ? { error: `${ErrorCode}: ${ErrorMessage}` }
          : { into: ids.record(name, SequenceNumber) },
      );
    },
  };
}

async function firehose(arn: string, region: string, name: string, aws: AwsAccess): Promise<Describable> {
  const { DescribeDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } = await import(
    '@aws-sdk/client-firehose'
  );
  const client = aws.client(FirehoseClient, region);
  return {
    arn,
    place: `firehose/${name}`,
    async describe() {
      const answer = await client.send(new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }));
      const { DeliveryStreamARN, DeliveryStreamType } = answer.DeliveryStreamDescription ?? {};
      if (DeliveryStreamType !== undefined && DeliveryStreamType !== 'DirectPut') {
        throw new Error(`${name} takes no direct puts, it reads from its source`);
      }
      return DeliveryStreamARN;
    },
    async put(records) {
      const Records = records.map(({ data }) => ({ Data: data }));
      const answer = await client.send(new PutRecordBatchCommand({ DeliveryStreamName: name, Records }));
      // A record's name in the ledger is that of its stream's puts and its RecordId.
      return (answer.RequestResponses ?? []).map(({ RecordId, ErrorCode, ErrorMessage }) =>
        RecordId === undefined ? { error: `${ErrorCode}: ${ErrorMessage}` } : { into: ids.putSeries(name, RecordId) },
      );
    },
  };
}

/** `ResourceNotFoundException: Stream brook not found` of an SDK's error. */
export function reasonOf(error: unknown): string {
  const { name, message } = error as Error;
  return name === 'Error' ? message : `${name}: ${message}`;
}
