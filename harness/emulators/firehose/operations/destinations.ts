import { DESTINATION_KINDS } from '../destinations/index.ts';
import type { DestinationKind } from '../destinations/kind.ts';
import { errors } from '../errors.ts';
import type { Violations } from '../violations.ts';

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
    const path = kind[member].charAt(0).toLowerCase() + kind[member].slice(1);
    kind.check(request, path, violations, member === 'update');
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

function destinationsIn(input: object, member: Member): GivenDestination[] {
  const members = input as Readonly<Record<string, object | undefined>>;
  return DESTINATION_KINDS.flatMap((kind) => {
    const request = members[kind[member]];
    return request ? [{ kind, request }] : [];
  });
}
