import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  type LogGroup,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { integer, tagMap, tags, text } from './schemas.ts';

export const logsLogGroup = defineResource({
  type: 'AWS::Logs::LogGroup',
  properties: z.strictObject({
    LogGroupName: text().optional(),
    RetentionInDays: integer().optional(),
    Tags: tags().optional(),
  }),
  attributes: ['Arn'],
  async create(properties, context) {
    const name = properties.LogGroupName ?? context.physicalName({ maxLength: 512 });
    const logs = context.aws.client(CloudWatchLogsClient, context.region);
    const tagged = properties.Tags !== undefined && properties.Tags.length > 0;
    await logs.send(
      new CreateLogGroupCommand({ logGroupName: name, ...(tagged && { tags: tagMap(properties.Tags ?? []) }) }),
    );
    const { region, accountId, partition } = context;
    return { ref: name, attributes: { Arn: `arn:${partition}:logs:${region}:${accountId}:log-group:${name}:*` } };
  },
  async complete(properties, made, context) {
    const { RetentionInDays } = properties;
    if (RetentionInDays !== undefined) {
      const logs = context.aws.client(CloudWatchLogsClient, context.region);
      await logs.send(new PutRetentionPolicyCommand({ logGroupName: made.ref, retentionInDays: RetentionInDays }));
    }
    return made;
  },
  exists: async (_properties, { ref }, context) => (await describe(ref, context)) !== undefined,
  async delete(_properties, { ref }, context) {
    const logs = context.aws.client(CloudWatchLogsClient, context.region);
    await unless(['ResourceNotFoundException'], () => logs.send(new DeleteLogGroupCommand({ logGroupName: ref })));
  },
});

/** The list is of all groups whose name begins so, in the order of their names: the group itself comes first. */
async function describe(name: string, context: ResourceContext): Promise<LogGroup | undefined> {
  const logs = context.aws.client(CloudWatchLogsClient, context.region);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups.find((group) => group.logGroupName === name);
}
