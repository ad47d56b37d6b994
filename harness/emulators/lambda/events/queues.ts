import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsAccess } from '../../../edge/emulator.ts';
import { withNotes } from '../../../edge/headers.ts';
import type { EntryNumber } from '../../../ledger/index.ts';
import { regionOf } from './names.ts';

/** A batch call of SQS takes no more (SQS API model). */
export const MAX_ENTRIES = 10;

export interface StringAttribute {
  readonly DataType: 'String' | 'Number';
  readonly StringValue: string;
}

/** What is asked of SQS, by the ARNs of queues. */
export class Queues {
  readonly #aws: AwsAccess;
  readonly #urls = new Map<string, Promise<string>>();

  constructor(aws: AwsAccess) {
    this.#aws = aws;
  }

  /** Up to `max` messages (1..10) with all their attributes, without waiting. */
  async receive(queueArn: string, max: number): Promise<readonly Message[]> {
    const { sdk, client, url } = await this.#reach(queueArn);
    const answer = await client.send(
      new sdk.ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: 0,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return answer.Messages ?? [];
  }

  /** Deletes up to 10 messages; returns those that the queue failed to delete and may yet delete if asked again. */
  async delete(
    queueArn: string,
    messages: readonly Message[],
    cause: EntryNumber | undefined,
  ): Promise<readonly Message[]> {
    const { sdk, client, url } = await this.#reach(queueArn);
    const answer = await client.send(
      new sdk.DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: messages.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle })),
      }),
      withNotes({ cause }),
    );
    const failed = new Set((answer.Failed ?? []).filter((entry) => !entry.SenderFault).map((entry) => entry.Id));
    return messages.filter((_, index) => failed.has(String(index)));
  }

  async visibilityTimeoutMs(queueArn: string): Promise<number> {
    const { sdk, client, url } = await this.#reach(queueArn);
    const { Attributes } = await client.send(
      new sdk.GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['VisibilityTimeout'] }),
    );
    return Number(Attributes?.VisibilityTimeout ?? 0) * 1000;
  }

  /** Returns the new message's id. */
  async send(
    queueArn: string,
    body: string,
    attributes: Readonly<Record<string, StringAttribute>>,
    cause: EntryNumber | undefined,
  ): Promise<string> {
    const { sdk, client, url } = await this.#reach(queueArn);
    const answer = await client.send(
      new sdk.SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes: attributes }),
      withNotes({ cause }),
    );
    return answer.MessageId ?? '';
  }

  /** The SDK is loaded by the first who needs it. */
  async #reach(queueArn: string) {
    const sdk = await import('@aws-sdk/client-sqs');
    const client = this.#aws.client(sdk.SQSClient, regionOf(queueArn));
    let url = this.#urls.get(queueArn);
    if (url === undefined) {
      url = this.#askUrl(sdk, client, queueArn);
      this.#urls.set(queueArn, url);
      url.catch(() => this.#urls.delete(queueArn));
    }
    return { sdk, client, url: await url };
  }

  async #askUrl(sdk: typeof import('@aws-sdk/client-sqs'), client: SQSClient, queueArn: string): Promise<string> {
    const [, , , , accountId, name] = queueArn.split(':');
    const answer = await client.send(
      new sdk.GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: accountId }),
    );
    return answer.QueueUrl ?? '';
  }
}
