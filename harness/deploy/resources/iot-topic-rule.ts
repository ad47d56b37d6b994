import { CreateTopicRuleCommand, DeleteTopicRuleCommand, GetTopicRuleCommand, IoTClient } from '@aws-sdk/client-iot';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { flag, integer, tagMap, tags, text } from './schemas.ts';

/** What IoT answers about a rule that is not there. */
const GONE = ['UnauthorizedException', 'ResourceNotFoundException'];

const action = z.strictObject({
  Kinesis: z
    .strictObject({ PartitionKey: text().optional(), RoleArn: text(), StreamName: text() })
    .transform(({ PartitionKey: partitionKey, RoleArn: roleArn, StreamName: streamName }) => ({
      partitionKey,
      roleArn,
      streamName,
    }))
    .optional(),
  Lambda: z
    .strictObject({ FunctionArn: text() })
    .transform(({ FunctionArn: functionArn }) => ({ functionArn }))
    .optional(),
  Republish: z
    .strictObject({ Qos: integer().optional(), RoleArn: text(), Topic: text() })
    .transform(({ Qos: qos, RoleArn: roleArn, Topic: topic }) => ({ qos, roleArn, topic }))
    .optional(),
});

export const iotTopicRule = defineResource({
  type: 'AWS::IoT::TopicRule',
  properties: z.strictObject({
    RuleName: text().optional(),
    Tags: tags().optional(),
    TopicRulePayload: z.strictObject({
      Actions: z.array(action),
      AwsIotSqlVersion: text().optional(),
      Description: text().optional(),
      RuleDisabled: flag().optional(),
      Sql: text(),
    }),
  }),
  attributes: ['Arn'],
  async create({ RuleName, Tags = [], TopicRulePayload: payload }, context) {
    // The names of rules have no hyphens.
    const ruleName = RuleName ?? context.physicalName({ maxLength: 128 }).replaceAll('-', '_');
    const iot = context.aws.client(IoTClient, context.region);
    await iot.send(
      new CreateTopicRuleCommand({
        ruleName,
        tags: new URLSearchParams(tagMap(Tags)).toString() || undefined,
        topicRulePayload: {
          sql: payload.Sql,
          actions: payload.Actions.map(({ Kinesis: kinesis, Lambda: lambda, Republish: republish }) => ({
            ...(kinesis && { kinesis }),
            ...(lambda && { lambda }),
            ...(republish && { republish }),
          })),
          awsIotSqlVersion: payload.AwsIotSqlVersion,
          description: payload.Description,
          ruleDisabled: payload.RuleDisabled,
        },
      }),
    );
    const { ruleArn = '' } = await iot.send(new GetTopicRuleCommand({ ruleName }));
    return { ref: ruleName, attributes: { Arn: ruleArn } };
  },
  async exists(_properties, { ref: ruleName }, context) {
    const iot = context.aws.client(IoTClient, context.region);
    return (await unless(GONE, () => iot.send(new GetTopicRuleCommand({ ruleName })))) !== undefined;
  },
  async delete(_properties, { ref: ruleName }, context) {
    const iot = context.aws.client(IoTClient, context.region);
    await unless(GONE, () => iot.send(new DeleteTopicRuleCommand({ ruleName })));
  },
});
