import { errors } from '../errors.ts';
import type { EventSourceMapping } from '../functions/model.ts';
import type { FunctionRevision } from '../model.ts';
import type { Parts } from './operation.ts';

/**
 * Asks the queue or stream of a mapping whether it is there and can serve the function.
 *
 * @throws InvalidParameterValueException
 */
export async function checkSource(
  parts: Parts,
  mapping: Pick<EventSourceMapping, 'kind' | 'eventSourceArn'>,
  revision: FunctionRevision,
): Promise<void> {
  if (mapping.kind === 'sqs') await checkQueue(parts, mapping.eventSourceArn, revision);
  else await checkStream(parts, mapping.eventSourceArn);
}

async function checkQueue({ aws }: Parts, arn: string, { timeoutMs }: FunctionRevision): Promise<void> {
  const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const [, , , region, accountId, name] = arn.split(':');
  const client = aws.client(SQSClient, region);
  let visibility: number;
  try {
    const { QueueUrl } = await client.send(
      new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: accountId }),
    );
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
    );
    visibility = Number(Attributes?.VisibilityTimeout);
  } catch (error) {
    if (!/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) throw error;
    throw errors.invalid(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. ' +
        'SQS Error Message: The specified queue does not exist.',
    );
  }
  if (visibility * 1000 < timeoutMs) {
    throw errors.invalid(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeoutMs / 1000} seconds`,
    );
  }
}

async function checkStream({ aws }: Parts, arn: string): Promise<void> {
  const { DescribeStreamSummaryCommand, KinesisClient } = await import('@aws-sdk/client-kinesis');
  const StreamName = arn.slice(arn.indexOf('/') + 1);
  try {
    await aws.client(KinesisClient, arn.split(':')[3]).send(new DescribeStreamSummaryCommand({ StreamName }));
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw errors.invalid(`Stream not found: ${arn}`);
  }
}
