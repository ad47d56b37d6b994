import { isDeepStrictEqual } from 'node:util';
import {
  UpdateDestination$,
  type UpdateDestinationInput,
  type UpdateDestinationOutput,
} from '@aws-sdk/client-firehose';
import type { Operation } from '../../../edge/emulator.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { DESTINATION_ID } from '../destinations/destination.ts';
import { errors } from '../errors.ts';
import { Violations } from '../violations.ts';
import { checkDestinations, checkSwitch, destinationMembers, theDestination } from './destinations.ts';
import { checkName, DESTINATION_ID_PATTERN, MAX_DESTINATION_ID_LENGTH } from './names.ts';

const SUPPORTED: readonly string[] = [
  'DeliveryStreamName',
  'CurrentDeliveryStreamVersionId',
  'DestinationId',
  ...destinationMembers('update'),
];
const VERSION_PATTERN = '[0-9]+';
const MAX_VERSION_LENGTH = 50;

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
      const { kind, request } = theDestination(input, 'update');
      checkSwitch(stream.destination, kind, request);
      const changed = kind.change(stream.destination, request, kind.update, streams.destinationParts(call));
      // What changes nothing is no new version on AWS either.
      if (!isDeepStrictEqual(changed.describe(), stream.destination.describe())) stream.update(changed);
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
  checkDestinations(input, 'update', violations);
  violations.raise();
}
