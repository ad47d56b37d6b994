import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  DescribeLogStreamsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

export const logsLogStream = defineResource({
  type: 'AWS::Logs::LogStream',
  properties: z.strictObject({ LogGroupName: text(), LogStreamName: text().optional() }),
  attributes: [],
  async create({ LogGroupName, LogStreamName }, context) {
    const name = LogStreamName ?? context.physicalName({ maxLength: 512 });
    const logs = context.aws.client(CloudWatchLogsClient, context.region);
    await logs.send(new CreateLogStreamCommand({ logGroupName: LogGroupName, logStreamName: name }));
    return { ref: name, attributes: {} };
  },
  async exists({ LogGroupName }, { ref }, context) {
    const logs = context.aws.client(CloudWatchLogsClient, context.region);
    const answer = await unless(['ResourceNotFoundException'], () =>
      logs.send(new DescribeLogStreamsCommand({ logGroupName: LogGroupName, logStreamNamePrefix: ref })),
    );
    return answer?.logStreams?.some((stream) => stream.logStreamName === ref) === true;
  },
  async delete({ LogGroupName }, { ref }, context) {
    const logs = context.aws.client(CloudWatchLogsClient, context.region);
    await unless(['ResourceNotFoundException'], () =>
      logs.send(new DeleteLogStreamCommand({ logGroupName: LogGroupName, logStreamName: ref })),
    );
  },
  partOf: ({ LogGroupName }) => LogGroupName,
});
