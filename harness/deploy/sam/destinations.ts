import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { mapOf, refuseOtherKeys, textAt } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';

export interface Destination {
  readonly type: 'SQS' | 'Lambda';
  /** Its ARN. */
  readonly target: Node;
  /** Of the ARN. */
  readonly subject: Subject;
}

/**
 * `{ Type: SQS, [member]: … }`, as SAM has it for dead-letter queues and destinations.
 *
 * @param types those that can be sent to from here
 */
export function readDestination(
  node: Node,
  subject: Subject,
  member: 'Destination' | 'TargetArn',
  types: readonly Destination['type'][],
): Destination {
  const map: MapNode = mapOf(node, subject, `must be a map with Type and ${member}`);
  refuseOtherKeys(map, ['Type', member], subject);
  const type = textAt(map, 'Type', subject);
  const known = types.find((name) => name === type);
  if (known === undefined) {
    const where = at(map.entries.get('Type'), 'Type', subject);
    const sentence = `the type ${type ?? '(none)'} is not supported.`;
    throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', where, sentence, `Supported here are ${types.join(', ')}.`);
  }
  const target = map.entries.get(member);
  if (target === undefined) {
    const remedy = 'SAM would make a queue of its own; make it a resource of the template instead.';
    const where = within(subject, [member], subject.at);
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, 'is missing (AWS::Serverless::Function).', remedy);
  }
  return { type: known, target: target.value, subject: withinEntry(subject, member, target) };
}

function at(entry: MapEntry | undefined, key: string, subject: Subject): Subject {
  return entry === undefined ? within(subject, [key], subject.at) : withinEntry(subject, key, entry);
}
