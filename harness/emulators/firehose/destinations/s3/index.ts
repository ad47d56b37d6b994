import type { Violations } from '../../violations.ts';
import type { Destination } from '../destination.ts';
import type { DestinationKind } from '../kind.ts';
import { checkS3Request, defined, type S3Request } from './configuration.ts';
import { S3Destination } from './destination.ts';

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

const MAX_FILE_EXTENSION_LENGTH = 128;
const MAX_TIME_ZONE_LENGTH = 50;
const FILE_EXTENSION_PATTERN = "^$|\\.[0-9a-z!\\-_.*'()]+";
const TIME_ZONE_PATTERN = '^$|[a-zA-Z/_]+';

export const s3Kind: DestinationKind<S3Request> = {
  configuration: 'S3DestinationConfiguration',
  update: 'S3DestinationUpdate',
  check: checkS3Request,
  make: (request, member, parts) => new S3Destination(request, member, false, parts),
  change: (old, update, member, parts) => change(old, update, member, false, parts),
};

export const extendedS3Kind: DestinationKind<S3Request> = {
  configuration: 'ExtendedS3DestinationConfiguration',
  update: 'ExtendedS3DestinationUpdate',

  check(request: S3Request, path: string, violations: Violations, isUpdate: boolean) {
    checkS3Request(request, path, violations, isUpdate);
    violations.text(
      `${path}.fileExtension`,
      request.FileExtension,
      0,
      MAX_FILE_EXTENSION_LENGTH,
      FILE_EXTENSION_PATTERN,
    );
    violations.text(`${path}.customTimeZone`, request.CustomTimeZone, 0, MAX_TIME_ZONE_LENGTH, TIME_ZONE_PATTERN);
  },

  make: (request, member, parts) => new S3Destination(request, member, true, parts),
  change: (old, update, member, parts) => change(old, update, member, true, parts),
};

function change(
  old: Destination,
  update: S3Request,
  member: string,
  extended: boolean,
  parts: Parameters<DestinationKind['make']>[2],
): Destination {
  if (!(old instanceof S3Destination)) return new S3Destination(update, member, extended, parts);
  return new S3Destination(
    { ...old.configuration.request, ...defined(update) },
    member,
    extended || old.extended,
    parts,
  );
}
