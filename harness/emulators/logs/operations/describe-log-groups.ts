import {
  DescribeLogGroups$,
  type DescribeLogGroupsRequest,
  type DescribeLogGroupsResponse,
  type LogGroup as LogGroupDescription,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import type { LogGroup } from '../catalog.ts';
import {
  DESCRIBE_LIMIT,
  LOG_GROUP_IDENTIFIER,
  LOG_GROUP_NAME,
  LOG_GROUP_NAME_PATTERN,
  member,
  NEXT_TOKEN,
  size,
  validate,
} from '../constraints.ts';
import { invalidParameter, invalidToken } from '../errors.ts';
import { seal, unseal } from '../positions.ts';
import type { LogService } from '../service.ts';

const DEFAULT_LIMIT = 50;
const MAX_IDENTIFIERS = 50;

/** API_DescribeLogGroups.html */
export function describeLogGroups(service: LogService): Operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse> {
  return {
    schema: DescribeLogGroups$,
    run(input, call) {
      const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers: identifiers } = input;
      const { limit = DEFAULT_LIMIT, nextToken, logGroupClass } = input;
      validate(
        member('logGroupNamePrefix', prefix, LOG_GROUP_NAME),
        member('logGroupNamePattern', pattern, LOG_GROUP_NAME_PATTERN),
        member('nextToken', nextToken, NEXT_TOKEN),
        member('limit', limit, DESCRIBE_LIMIT),
        size('logGroupIdentifiers', identifiers?.length, { min: 1, max: MAX_IDENTIFIERS }),
        ...(identifiers ?? []).map((identifier, at) =>
          member(`logGroupIdentifiers.${at + 1}.member`, identifier, LOG_GROUP_IDENTIFIER),
        ),
      );
      if (prefix && pattern) {
        throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
      }
      const after = nextToken === undefined ? '' : unseal(nextToken, 1)?.[0];
      if (typeof after !== 'string') throw invalidToken();

      const wanted = service.catalog
        .groups(call)
        .filter(
          ({ name, arn }) =>
            name > after &&
            name.startsWith(prefix ?? '') &&
            name.includes(pattern ?? '') &&
            (identifiers === undefined ||
              identifiers.some((identifier) => identifier === name || identifier === arn)) &&
            (logGroupClass === undefined || logGroupClass === 'STANDARD'),
        );
      const page = wanted.slice(0, limit);
      const last = page.at(-1);
      return {
        logGroups: page.map(describe),
        ...(last && wanted.length > limit ? { nextToken: seal([last.name]) } : {}),
      };
    },
  };
}

function describe(group: LogGroup): LogGroupDescription {
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    metricFilterCount: 0,
    arn: `${group.arn}:*`,
    storedBytes: group.storedBytes,
    logGroupClass: 'STANDARD',
    logGroupArn: group.arn,
    deletionProtectionEnabled: false,
    ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
  };
}
