import type { MapEntry, Node } from '../template/node.ts';
import { mapOf, refuseOtherKeys, sectionOf, textAt } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import { isApiEvent } from './api-events.ts';
import { readDestination } from './destinations.ts';
import { nodeOf } from './node-of.ts';
import { destinationRight, managedPolicy, type Rights } from './role.ts';

/** What a function's events of one type become: an AWS::Lambda::EventSourceMapping and a right to read the source. */
interface SourceType {
  /** The property that has the source's ARN. */
  readonly source: string;
  /** Properties that the mapping has under the same name. */
  readonly passedOn: readonly string[];
  readonly policy: string;
}

const SOURCE_TYPES: Readonly<Record<string, SourceType>> = {
  SQS: {
    source: 'Queue',
    passedOn: [
      'BatchSize',
      'Enabled',
      'FilterCriteria',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'ScalingConfig',
    ],
    policy: 'AWSLambdaSQSQueueExecutionRole',
  },
  Kinesis: {
    source: 'Stream',
    passedOn: [
      'BatchSize',
      'BisectBatchOnFunctionError',
      'Enabled',
      'FilterCriteria',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ParallelizationFactor',
      'StartingPosition',
      'StartingPositionTimestamp',
      'TumblingWindowInSeconds',
    ],
    policy: 'AWSLambdaKinesisExecutionRole',
  },
};

/** The properties of the mappings of a function's events, by logical id, but for those of
 * methods of an API; adds to `rights` what they need. */
export function expandEvents(
  entry: MapEntry | undefined,
  logicalId: string,
  properties: Subject,
  rights: Rights,
): Map<string, MapEntry> {
  const mappings = new Map<string, MapEntry>();
  if (entry === undefined) return mappings;
  const subject = withinEntry(properties, 'Events', entry);
  for (const [name, event] of mapOf(entry.value, subject, 'must be a map of events').entries) {
    if (isApiEvent(event.value)) continue;
    mappings.set(`${logicalId}${name}`, expandEvent(name, event, logicalId, withinEntry(subject, name, event), rights));
  }
  return mappings;
}

function expandEvent(
  name: string,
  { at, value }: MapEntry,
  logicalId: string,
  subject: Subject,
  rights: Rights,
): MapEntry {
  const event = mapOf(value, subject, 'an event is a map with Type and Properties');
  refuseOtherKeys(event, ['Type', 'Properties'], subject);
  const type = textAt(event, 'Type', subject) ?? '(none)';
  const known = Object.hasOwn(SOURCE_TYPES, type) ? SOURCE_TYPES[type] : undefined;
  if (known === undefined) {
    const where = within(subject, ['Type'], event.entries.get('Type')?.at ?? at);
    const sentence = `events of the type ${type} are not supported.`;
    const remedy = `Supported are Api, ${Object.keys(SOURCE_TYPES).join(' and ')}.`;
    throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', where, sentence, remedy);
  }
  const place = within(subject, ['Properties'], event.entries.get('Properties')?.at ?? at);
  const given = sectionOf(event, 'Properties', subject);
  const source = given?.entries.get(known.source);
  if (given === undefined || source === undefined) {
    throw templateError(
      'TEMPLATE_INVALID_PROPERTY',
      within(place, [known.source], place.at),
      `is missing (${type} event).`,
    );
  }
  const destination = type === 'Kinesis' ? given.entries.get('DestinationConfig') : undefined;
  refuseOtherKeys(
    given,
    [known.source, ...known.passedOn, ...(type === 'Kinesis' ? ['DestinationConfig'] : [])],
    place,
  );

  const entries = new Map<string, MapEntry>();
  for (const [key, passed] of given.entries) if (known.passedOn.includes(key)) entries.set(key, passed);
  entries.set('EventSourceArn', { ...source, origin: withinEntry(place, known.source, source).path });
  entries.set('FunctionName', { at, value: nodeOf({ Ref: logicalId }, at) });
  rights.managed.push(managedPolicy(known.policy));
  if (destination !== undefined) {
    const target = onFailureTarget(destination, withinEntry(place, 'DestinationConfig', destination));
    const config = nodeOf({ OnFailure: { Destination: target } }, destination.at);
    entries.set('DestinationConfig', { ...destination, value: config });
    rights.inline.push(destinationRight(`${logicalId}${name}OnFailurePolicy`, 'SQS', target, destination.at));
  }
  return { at: place.at, value: { kind: 'map', entries, at: place.at }, origin: place.path };
}

/** The ARN of the queue that learns of the batches of a stream that were given up. */
function onFailureTarget({ value }: MapEntry, subject: Subject): Node {
  const config = mapOf(value, subject, 'must be a map with OnFailure');
  refuseOtherKeys(config, ['OnFailure'], subject);
  const entry = config.entries.get('OnFailure');
  if (entry === undefined) {
    const where = within(subject, ['OnFailure'], subject.at);
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, 'is missing (Kinesis event).');
  }
  return readDestination(entry.value, withinEntry(subject, 'OnFailure', entry), 'Destination', ['SQS']).target;
}
