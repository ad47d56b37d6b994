import { CreateLogGroup$, type CreateLogGroupRequest } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { LOG_GROUP_NAME, member, validate } from '../constraints.ts';
import { groupExists, invalidParameter, unsupported } from '../errors.ts';
import type { LogService } from '../service.ts';
import { addTags, checkTags } from '../tags.ts';

const MAX_KMS_KEY_ID_LENGTH = 256;
const CLASSES = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'];

/** API_CreateLogGroup.html */
export function createLogGroup(service: LogService): Operation<CreateLogGroupRequest, object> {
  return {
    schema: CreateLogGroup$,
    run({ logGroupName, kmsKeyId, tags, logGroupClass, deletionProtectionEnabled }, call) {
      validate(
        member('logGroupName', logGroupName, { ...LOG_GROUP_NAME, required: true }),
        member('kmsKeyId', kmsKeyId, { max: MAX_KMS_KEY_ID_LENGTH }),
        member('logGroupClass', logGroupClass, { values: CLASSES }),
        ...checkTags(tags),
      );
      const name = logGroupName as string;
      if (name.startsWith('aws/')) throw invalidParameter('Log groups starting with AWS/ are reserved for AWS.');
      if (logGroupClass !== undefined && logGroupClass !== 'STANDARD') {
        throw unsupported(`The log group class ${logGroupClass}`);
      }
      if (deletionProtectionEnabled) throw unsupported('Deletion protection of log groups');
      if (service.catalog.group(call, name)) throw groupExists();
      addTags(service.catalog.createGroup(call, name, { kmsKeyId }), tags ?? {});
      return {};
    },
  };
}
