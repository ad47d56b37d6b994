import { errors } from '../../errors.ts';
import { Violations } from '../../violations.ts';
import type { Destination } from '../destination.ts';
import type { DestinationKind, DestinationParts } from '../kind.ts';
import { checkS3Request, type S3Request } from './configuration.ts';
import { S3Destination } from './destination.ts';
import { checkExtended, mergeExtended } from './extended.ts';

export {
  changeS3,
  checkS3Request,
  describeS3,
  readS3Request,
  type S3Configuration,
  type S3Request,
} from './configuration.ts';
export { describeS3Error } from './s3-errors.ts';
export { createS3Writer } from './writer.ts';

/** The older form, without what was added to S3 since 2017. */
export const s3Kind: DestinationKind<S3Request> = {
  configuration: 'S3DestinationConfiguration',
  update: 'S3DestinationUpdate',
  check: checkS3Request,
  make,
  change,
};

export const extendedS3Kind: DestinationKind<S3Request> = {
  configuration: 'ExtendedS3DestinationConfiguration',
  update: 'ExtendedS3DestinationUpdate',
  check: checkExtended,
  make,
  change,
};

function make(request: S3Request, member: string, parts: DestinationParts): Destination {
  return new S3Destination(request, member, parts);
}

function change(old: Destination, update: S3Request, member: string, parts: DestinationParts): Destination {
  if (old instanceof S3Destination) {
    return new S3Destination(mergeExtended(old.configuration.request, update, member), member, parts);
  }
  const { AmazonopensearchserviceDestinationDescription, ElasticsearchDestinationDescription } = old.describe();
  if (AmazonopensearchserviceDestinationDescription ?? ElasticsearchDestinationDescription) {
    throw errors.invalid(
      'Switching between Amazon OpenSearch Service and other services is not supported. Create another delivery stream.',
    );
  }
  // Nothing is merged between two types of destination: what is not given is missing.
  const violations = new Violations();
  checkExtended(update, member.charAt(0).toLowerCase() + member.slice(1), violations, false);
  violations.raise();
  return new S3Destination(update, member, parts);
}
