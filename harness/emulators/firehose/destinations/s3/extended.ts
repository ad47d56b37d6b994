import type { S3DestinationConfiguration } from '@aws-sdk/client-firehose';
import { errors } from '../../errors.ts';
import { checkProcessing } from '../../processing/index.ts';
import type { Violations } from '../../violations.ts';
import { checkS3Request, merge, readS3Request, type S3Request } from './configuration.ts';
import { checkPartitioning } from './partitioning.ts';

const MAX_FILE_EXTENSION_LENGTH = 128;
const MAX_TIME_ZONE_LENGTH = 50;
const FILE_EXTENSION_PATTERN = "^$|\\.[0-9a-z!\\-_.*'()]+";
const TIME_ZONE_PATTERN = '^$|[a-zA-Z/_]+';
/** A source backup knows no zero buffering (https://docs.aws.amazon.com/firehose/latest/dev/create-configure-backup.html). */
const MIN_BACKUP_INTERVAL_SECONDS = 60;

/** The constraints of the API model on what only the extended form has. */
export function checkExtended(request: S3Request, path: string, violations: Violations, isUpdate: boolean): void {
  checkS3Request(request, path, violations, isUpdate);
  violations.text(`${path}.fileExtension`, request.FileExtension, 0, MAX_FILE_EXTENSION_LENGTH, FILE_EXTENSION_PATTERN);
  violations.text(`${path}.customTimeZone`, request.CustomTimeZone, 0, MAX_TIME_ZONE_LENGTH, TIME_ZONE_PATTERN);
  violations.oneOf(`${path}.s3BackupMode`, request.S3BackupMode, ['Disabled', 'Enabled']);
  const { S3BackupConfiguration: backup, S3BackupUpdate: backupUpdate } = request;
  if (backup) checkS3Request(backup, `${path}.s3BackupConfiguration`, violations, false);
  if (backupUpdate) checkS3Request(backupUpdate, `${path}.s3BackupUpdate`, violations, true);
  checkPartitioning(`${path}.dynamicPartitioningConfiguration`, request.DynamicPartitioningConfiguration, violations);
  checkProcessing(request.ProcessingConfiguration, `${path}.processingConfiguration`, violations);
}

/**
 * Where source records are backed up; undefined when they are not.
 *
 * @throws InvalidArgumentException
 */
export function readBackup({ S3BackupMode: mode, S3BackupConfiguration: backup }: S3Request, member: string) {
  const isOn = mode === 'Enabled';
  if (!backup) {
    if (isOn) throw errors.invalid('S3 backup destination configuration is required when enabling S3 backup.');
    return undefined;
  }
  const configuration = readS3Request(backup, `${member}.S3BackupConfiguration`);
  if (configuration.hints.intervalInSeconds < MIN_BACKUP_INTERVAL_SECONDS) {
    throw errors.invalid(
      `${member}.S3BackupConfiguration: BufferingHints.IntervalInSeconds must be at least ${MIN_BACKUP_INTERVAL_SECONDS}`,
    );
  }
  return { configuration, isOn };
}

/**
 * A request with what an update gives in place of what it had.
 *
 * @throws InvalidArgumentException for what cannot be changed
 */
export function mergeExtended(old: S3Request, update: S3Request, member: string): S3Request {
  const { S3BackupUpdate: backupUpdate, ...others } = update;
  if (old.S3BackupMode === 'Enabled' && update.S3BackupMode === 'Disabled') {
    throw errors.invalid('Disabling S3 backup is not currently supported');
  }
  const partitioning = update.DynamicPartitioningConfiguration;
  if (partitioning && isPartitioned(old) !== isPartitioned(update)) {
    throw errors.invalid(
      isPartitioned(old)
        ? 'Dynamic Partitioning cannot be disabled once it is enabled'
        : 'Dynamic Partitioning can only be enabled when a delivery stream is created',
    );
  }
  const merged = merge(old, others);
  if (!backupUpdate) return merged;
  const backup = merge<Partial<S3DestinationConfiguration>>(old.S3BackupConfiguration ?? {}, backupUpdate);
  const { RoleARN, BucketARN } = backup;
  if (!RoleARN || !BucketARN) {
    throw errors.invalid(`${member}.S3BackupUpdate must have RoleARN and BucketARN while there is no S3 backup`);
  }
  return { ...merged, S3BackupConfiguration: { ...backup, RoleARN, BucketARN } };
}

export function isPartitioned({ DynamicPartitioningConfiguration: partitioning }: S3Request): boolean {
  return partitioning?.Enabled === true;
}
