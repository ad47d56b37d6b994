import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { flag, integer, json, tagMap, tags, text } from './schemas.ts';

/** What SQS answers about a queue that is not there: its name in JSON, and in AWS Query. */
export const NO_SUCH_QUEUE = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** Of a queue whose messages stay in order. Source: SQS developer guide, "FIFO queue and message identifiers". */
const FIFO_SUFFIX = '.fifo';
const MAX_NAME_LENGTH = 80;

export const sqsQueue = defineResource({
  type: 'AWS::SQS::Queue',
  properties: z.strictObject({
    QueueName: text().optional(),
    ContentBasedDeduplication: flag().optional(),
    DeduplicationScope: z.enum(['messageGroup', 'queue']).optional(),
    DelaySeconds: integer().optional(),
    FifoQueue: flag().optional(),
    FifoThroughputLimit: z.enum(['perQueue', 'perMessageGroupId']).optional(),
    MaximumMessageSize: integer().optional(),
    MessageRetentionPeriod: integer().optional(),
    ReceiveMessageWaitTimeSeconds: integer().optional(),
    RedriveAllowPolicy: json().optional(),
    RedrivePolicy: json().optional(),
    SqsManagedSseEnabled: flag().optional(),
    Tags: tags().optional(),
    VisibilityTimeout: integer().optional(),
  }),
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  async create({ QueueName, Tags = [], ...attributes }, context) {
    const { partition, region, accountId } = context;
    const suffix = attributes.FifoQueue ? FIFO_SUFFIX : '';
    const name = QueueName ?? context.physicalName({ maxLength: MAX_NAME_LENGTH - suffix.length }) + suffix;
    const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
    const { QueueUrl = '' } = await context.aws.client(SQSClient, region).send(
      new CreateQueueCommand({
        QueueName: name,
        Attributes: Object.fromEntries(given.map(([key, value]) => [key, String(value)])),
        tags: tagMap(Tags),
      }),
    );
    const Arn = `arn:${partition}:sqs:${region}:${accountId}:${name}`;
    return { ref: QueueUrl, attributes: { Arn, QueueName: name, QueueUrl } };
  },
  async exists(_properties, { attributes: { QueueName } }, context) {
    const sqs = context.aws.client(SQSClient, context.region);
    return (
      (await unless(NO_SUCH_QUEUE, () => sqs.send(new GetQueueUrlCommand({ QueueName: String(QueueName) })))) !==
      undefined
    );
  },
  async delete(_properties, { ref }, context) {
    const sqs = context.aws.client(SQSClient, context.region);
    await unless(NO_SUCH_QUEUE, () => sqs.send(new DeleteQueueCommand({ QueueUrl: ref })));
  },
});
