import type { Destination } from '../destinations/destination.ts';
import { DESTINATION_KINDS } from '../destinations/index.ts';
import type { DestinationKind } from '../destinations/kind.ts';
import { errors } from '../errors.ts';
import { Violations } from '../violations.ts';

/** Which of a kind's two members a request gives. */
type Member = 'configuration' | 'update';

interface GivenDestination {
  readonly kind: DestinationKind;
  readonly request: object;
}

export function destinationMembers(member: Member): string[] {
  return DESTINATION_KINDS.map((kind) => kind[member]);
}

/** The constraints of the API model on whatever destinations a request gives. */
export function checkDestinations(input: object, member: Member, violations: Violations): void {
  for (const { kind, request } of destinationsIn(input, member)) {
    kind.check(request, pathOf(kind[member]), violations, member === 'update');
  }
}

/** @throws InvalidArgumentException unless the request gives exactly one destination */
export function theDestination(input: object, member: Member): GivenDestination {
  const [given, ...others] = destinationsIn(input, member);
  if (given === undefined || others.length > 0) {
    throw errors.invalid(`Exactly one destination ${member} is supported for a Firehose`);
  }
  return given;
}

/**
 * The rules for an update to another type of destination: nothing is taken over, so everything must be given, and
 * OpenSearch does not go together with the others
 * (https://docs.aws.amazon.com/firehose/latest/APIReference/API_UpdateDestination.html).
 *
 * @throws InvalidArgumentException, ValidationException
 */
export function checkSwitch(old: Destination, kind: DestinationKind, request: object): void {
  const described = Object.keys(old.describe());
  const isS3 = described.includes('S3DestinationDescription');
  const toS3 = S3_MEMBER.test(kind.configuration);
  if (described.some((member) => SEARCH_MEMBER.test(member)) && !SEARCH_MEMBER.test(kind.configuration)) {
    throw errors.invalid(`Switching from OpenSearch to the destination of ${kind.update} is not supported`);
  }
  if (toS3 && !isS3) {
    const violations = new Violations();
    kind.check(request, pathOf(kind.update), violations, false);
    violations.raise();
  }
}

const S3_MEMBER = /^(?:Extended)?S3/;
const SEARCH_MEMBER = /^(?:Amazonopensearchservice|Elasticsearch)/;

function pathOf(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}

function destinationsIn(input: object, member: Member): GivenDestination[] {
  const members = input as Readonly<Record<string, object | undefined>>;
  return DESTINATION_KINDS.flatMap((kind) => {
    const request = members[kind[member]];
    return request ? [{ kind, request }] : [];
  });
}
