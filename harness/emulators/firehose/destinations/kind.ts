import type { AwsAccess } from '../../../edge/emulator.ts';
import type { FirehoseOptions } from '../options.ts';
import type { Violations } from '../violations.ts';
import type { Destination } from './destination.ts';

/**
 * One type of destination: how requests give it, and how it is made from them. `Request` has the members of its
 * configuration and of its update; those of an update are all optional.
 */
export interface DestinationKind<Request extends object = object> {
  /** The member of CreateDeliveryStream that gives it: `ExtendedS3DestinationConfiguration`. */
  readonly configuration: string;
  /** The member of UpdateDestination that changes it: `ExtendedS3DestinationUpdate`. */
  readonly update: string;
  /** The constraints of the API model. `path` is that of the configuration in the request. */
  check(request: Request, path: string, violations: Violations, isUpdate: boolean): void;
  /**
   * The rules beyond the model. `member` names the configuration in the request, for messages.
   *
   * @throws InvalidArgumentException
   */
  make(request: Request, member: string, parts: DestinationParts): Destination;
  /**
   * The destination with what an update gives in place of what it had.
   *
   * @throws InvalidArgumentException also when `old` is of a type that cannot become this one
   */
  change(old: Destination, update: Request, member: string, parts: DestinationParts): Destination;
}

export interface DestinationParts {
  readonly aws: AwsAccess;
  readonly options: FirehoseOptions;
  readonly region: string;
}
