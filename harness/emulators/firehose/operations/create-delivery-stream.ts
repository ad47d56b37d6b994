import {
  CreateDeliveryStream$,
  type CreateDeliveryStreamInput,
  type CreateDeliveryStreamOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { checkRoleArn } from '../destinations/arns.ts';
import { errors } from '../errors.ts';
import { maxDeliveryStreams } from '../limits.ts';
import { Violations } from '../violations.ts';
import { checkDestinations, destinationMembers, theDestination } from './destinations.ts';
import { checkEncryption, readKey } from './encryption.ts';
import { checkName } from './names.ts';
import { addTags, checkTags } from './tags.ts';

const TYPES = ['DirectPut', 'KinesisStreamAsSource', 'MSKAsSource', 'DatabaseAsSource'] as const;
const SOURCE_PATH = 'kinesisStreamSourceConfiguration';
const STREAM_ARN_PATTERN = 'arn:.*:kinesis:[a-zA-Z0-9\\-]+:\\d{12}:stream/[a-zA-Z0-9_.-]+';
const MAX_ARN_LENGTH = 512;
/** Every member that this operation understands; what else a request has is refused by its name. */
const SUPPORTED: readonly string[] = [
  'DeliveryStreamName',
  'DeliveryStreamType',
  'KinesisStreamSourceConfiguration',
  'DeliveryStreamEncryptionConfigurationInput',
  'Tags',
  ...destinationMembers('configuration'),
];

export function createDeliveryStream(
  streams: DeliveryStreams,
): Operation<CreateDeliveryStreamInput, CreateDeliveryStreamOutput> {
  return {
    schema: CreateDeliveryStream$,
    async run(input, call) {
      checkModel(input);
      refuseUnsupported(input);
      const type = input.DeliveryStreamType ?? 'DirectPut';
      checkSource(input, type);
      const { kind, request } = theDestination(input, 'configuration');
      const destination = kind.make(request, kind.configuration, streams.destinationParts(call));
      const encryption = input.DeliveryStreamEncryptionConfigurationInput;
      if (encryption && type !== 'DirectPut') throw errors.notEncryptable(type);
      const key = encryption && (await readKey(encryption, streams.context.aws));
      const name = input.DeliveryStreamName ?? '';
      if (streams.has(name, call)) throw errors.alreadyExists(name, call.accountId);
      const [others, quota] = [streams.list(call), maxDeliveryStreams(call.region)];
      if (others.length >= quota) {
        throw errors.tooManyStreams(
          quota,
          others.map((stream) => stream.name),
        );
      }
      const stream = streams.create(input, destination, call, key);
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
    checkRoleArn(`${SOURCE_PATH}.roleARN`, source.RoleARN, violations);
  }
  checkEncryption(input.DeliveryStreamEncryptionConfigurationInput, violations);
  checkDestinations(input, 'configuration', violations);
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
