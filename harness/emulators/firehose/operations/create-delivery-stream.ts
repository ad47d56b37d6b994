import {
  CreateDeliveryStream$,
  type CreateDeliveryStreamInput,
  type CreateDeliveryStreamOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { checkS3Request, createS3Destination, readS3Request } from '../destinations/s3/index.ts';
import { errors } from '../errors.ts';
import { MAX_DELIVERY_STREAMS } from '../limits.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';
import { addTags, checkTags } from './tags.ts';

const TYPES = ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'] as const;
const SOURCE_PATH = 'kinesisStreamSourceConfiguration';
const STREAM_ARN_PATTERN = 'arn:.*:kinesis:[a-zA-Z0-9\\-]+:\\d{12}:stream/[a-zA-Z0-9_.-]+';
const ROLE_ARN_PATTERN = 'arn:.*:iam::\\d{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+';
const MAX_ARN_LENGTH = 512;
const S3_MEMBERS = ['S3DestinationConfiguration', 'ExtendedS3DestinationConfiguration'] as const;
/** Every member that this operation understands; what else a request has is refused by its name. */
const SUPPORTED: readonly string[] = [
  'DeliveryStreamName',
  'DeliveryStreamType',
  'KinesisStreamSourceConfiguration',
  'Tags',
  ...S3_MEMBERS,
];

export function createDeliveryStream(
  streams: DeliveryStreams,
): Operation<CreateDeliveryStreamInput, CreateDeliveryStreamOutput> {
  return {
    schema: CreateDeliveryStream$,
    run(input, call) {
      checkModel(input);
      refuseUnsupported(input);
      const type = input.DeliveryStreamType ?? 'DirectPut';
      checkSource(input, type);
      const given = S3_MEMBERS.filter((member) => input[member] !== undefined);
      const [member] = given;
      if (member === undefined || given.length > 1) {
        throw errors.invalid('Exactly one destination configuration is supported for a Firehose');
      }
      const configuration = readS3Request(input[member] ?? {}, member);
      const name = input.DeliveryStreamName ?? '';
      if (streams.has(name, call)) throw errors.alreadyExists(name, call.accountId);
      if (streams.list(call).length >= MAX_DELIVERY_STREAMS) {
        throw errors.limit(`You have already consumed your firehose quota of ${MAX_DELIVERY_STREAMS} hoses`);
      }
      const extended = member === 'ExtendedS3DestinationConfiguration';
      const destination = createS3Destination(configuration, extended, streams.context.aws);
      const stream = streams.create(input, destination, call);
      addTags(stream, input.Tags ?? []);
      return { DeliveryStreamARN: stream.arn };
    },
  };
}

function checkModel(input: CreateDeliveryStreamInput): void {
  const violations = new Violations();
  checkName(input.DeliveryStreamName, violations);
  violations.oneOf('deliveryStreamType', input.DeliveryStreamType, TYPES);
  const source = input.KinesisStreamSourceConfiguration;
  if (source) {
    if (violations.required(`${SOURCE_PATH}.kinesisStreamARN`, source.KinesisStreamARN)) {
      violations.text(
        `${SOURCE_PATH}.kinesisStreamARN`,
        source.KinesisStreamARN,
        1,
        MAX_ARN_LENGTH,
        STREAM_ARN_PATTERN,
      );
    }
    if (violations.required(`${SOURCE_PATH}.roleARN`, source.RoleARN)) {
      violations.text(`${SOURCE_PATH}.roleARN`, source.RoleARN, 1, MAX_ARN_LENGTH, ROLE_ARN_PATTERN);
    }
  }
  for (const member of S3_MEMBERS) {
    const request = input[member];
    if (request) checkS3Request(request, member.charAt(0).toLowerCase() + member.slice(1), violations, false);
  }
  if (input.Tags) checkTags(input.Tags, violations);
  violations.raise();
}

function refuseUnsupported(input: CreateDeliveryStreamInput): void {
  for (const [member, value] of Object.entries(input)) {
    if (value !== undefined && value !== null && !SUPPORTED.includes(member)) throw errors.unsupported(member);
  }
}

function checkSource(input: CreateDeliveryStreamInput, type: string): void {
  if (type !== 'DirectPut' && type !== 'KinesisStreamAsSource') throw errors.unsupported(`DeliveryStreamType ${type}`);
  const hasSource = input.KinesisStreamSourceConfiguration !== undefined;
  if (type === 'KinesisStreamAsSource' && !hasSource) {
    throw errors.invalid('KinesisStreamSourceConfiguration is required for the KinesisStreamAsSource type');
  }
  if (type === 'DirectPut' && hasSource) {
    throw errors.invalid('KinesisStreamSourceConfiguration is only allowed for the KinesisStreamAsSource type');
  }
}
