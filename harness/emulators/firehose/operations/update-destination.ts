import {
  UpdateDestination$,
  type UpdateDestinationInput,
  type UpdateDestinationOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { DESTINATION_ID } from '../destinations/destination.ts';
import { checkS3Request, createS3Destination, readS3Request, type S3Request } from '../destinations/s3/index.ts';
import { errors } from '../errors.ts';
import { Violations } from '../violations.ts';
import { checkName } from './names.ts';

const S3_MEMBERS = ['S3DestinationUpdate', 'ExtendedS3DestinationUpdate'] as const;
const SUPPORTED: readonly string[] = [
  'DeliveryStreamName',
  'CurrentDeliveryStreamVersionId',
  'DestinationId',
  ...S3_MEMBERS,
];
const VERSION_PATTERN = '[0-9]+';
const MAX_VERSION_LENGTH = 50;
const DESTINATION_ID_PATTERN = '[a-zA-Z0-9-]+';
const MAX_DESTINATION_ID_LENGTH = 100;

/** Members that an update does not give keep their values. */
export function updateDestination(
  streams: DeliveryStreams,
): Operation<UpdateDestinationInput, UpdateDestinationOutput> {
  return {
    schema: UpdateDestination$,
    run(input, call) {
      checkModel(input);
      for (const [member, value] of Object.entries(input)) {
        if (value !== undefined && value !== null && !SUPPORTED.includes(member)) throw errors.unsupported(member);
      }
      const name = input.DeliveryStreamName ?? '';
      const stream = streams.get(name, call);
      if (stream.status !== 'ACTIVE') throw errors.busy(name, call.accountId, stream.status);
      const version = input.CurrentDeliveryStreamVersionId ?? '';
      if (version !== stream.versionId) throw errors.staleVersion(name, stream.versionId, version);
      if (input.DestinationId !== DESTINATION_ID) {
        throw errors.invalid(`Destination Id ${input.DestinationId} not found`);
      }
      const given = S3_MEMBERS.filter((member) => input[member] !== undefined);
      const [member] = given;
      if (member === undefined || given.length > 1) {
        throw errors.invalid('Exactly one destination update is supported for a Firehose');
      }
      const old = stream.destination.describe();
      const known: S3Request = old.ExtendedS3DestinationDescription ?? old.S3DestinationDescription ?? {};
      const merged = readS3Request({ ...defined(known), ...defined(input[member] ?? {}) }, member);
      const extended = old.ExtendedS3DestinationDescription !== undefined || member === 'ExtendedS3DestinationUpdate';
      stream.update(createS3Destination(merged, extended, streams.context.aws));
      return {};
    },
  };
}

function checkModel(input: UpdateDestinationInput): void {
  const violations = new Violations();
  checkName(input.DeliveryStreamName, violations);
  const version = input.CurrentDeliveryStreamVersionId;
  if (violations.required('currentDeliveryStreamVersionId', version)) {
    violations.text('currentDeliveryStreamVersionId', version, 1, MAX_VERSION_LENGTH, VERSION_PATTERN);
  }
  if (violations.required('destinationId', input.DestinationId)) {
    violations.text('destinationId', input.DestinationId, 1, MAX_DESTINATION_ID_LENGTH, DESTINATION_ID_PATTERN);
  }
  for (const member of S3_MEMBERS) {
    const request = input[member];
    if (request) checkS3Request(request, member.charAt(0).toLowerCase() + member.slice(1), violations, true);
  }
  violations.raise();
}

function defined<T extends object>(members: T): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}
