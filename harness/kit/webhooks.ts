import { fileURLToPath } from 'node:url';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Post, SentEvent } from '../../fixtures/senders/index.ts';
import type { Via, WebhookRecord } from '../../services/webhooks/record.ts';
import { createHttpSender, type Destination, type HttpSender } from '../cli/sending/http.ts';
import type { ControlClient } from '../control/client.ts';
import type { Outputs } from '../control/protocol.ts';
import { type CommandResult, runNaetmul } from './command.ts';
import { jsonLinesBelow } from './objects.ts';
import { outputReader } from './outputs.ts';

export interface PosterOptions {
  readonly way?: Via;
  /** Another server than the URL's, and what a sender shows and trusts: for mutual TLS. */
  readonly connection?: Omit<Destination, 'url'>;
  /** Further headers, such as a signature. */
  headers?(event: SentEvent): Promise<Readonly<Record<string, string>>> | Readonly<Record<string, string>>;
}

/** A stack of the webhooks, as senders and whoever reads what they sent meet it. */
export interface Webhooks {
  readonly url: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stream: string;
  readonly deliveryStream: string;
  readonly bucket: string;
  /** Where a sender posts to; one that has no resource of its own posts to the general one. */
  urlOf(sender: string, way?: Via): string;
  /** Where senders post, for `play`: `urlOf` the event's sender, or another address, with further headers. */
  poster(options?: PosterOptions): Post;
  /** Every webhook below `rawdata/`, in the order of the keys; copies stand in it as often as they were written. */
  stored(): Promise<readonly WebhookRecord[]>;
}

/** The bench's own stack, and how others of the same template are made. */
export interface WebhooksPipeline extends Webhooks {
  /** Deploys the template once more, with parameters of its own, until the story ends. */
  another(stack: string, parameters: Readonly<Record<string, string>>): Promise<Webhooks>;
  /** Runs a command line of naetmul against this bench. */
  command(...args: readonly string[]): Promise<CommandResult>;
}

/** Senders that have a resource of their own. */
const OWN_RESOURCES = ['050', 'appsflyer', 'adbrix'];

const CONNECTIONS = 64;

const TEMPLATE = fileURLToPath(new URL('../../services/webhooks/template.yaml', import.meta.url));

export async function createWebhooks(
  bench: ControlClient,
  s3: S3Client,
): Promise<WebhooksPipeline & { close(): void }> {
  const senders = new Map<string, HttpSender>();
  const senderTo = (url: string, connection: PosterOptions['connection']): HttpSender => {
    const key = JSON.stringify([url, connection]);
    const sender = senders.get(key) ?? createHttpSender({ url, ...connection }, CONNECTIONS);
    senders.set(key, sender);
    return sender;
  };
  const stackOf = (outputs: Outputs, stack: string): Webhooks => {
    const output = outputReader(outputs, stack);
    const url = output('Url');
    const bucket = output('BucketName');
    const urlOf: Webhooks['urlOf'] = (name, way = 'gateway') => {
      if (way !== 'gateway') return `${url}/${way}/${name}`;
      return OWN_RESOURCES.includes(name) ? `${url}/${name}` : `${url}/events/${name}`;
    };
    return {
      url,
      apiId: output('ApiId'),
      stage: output('StageName'),
      stream: output('StreamName'),
      deliveryStream: output('DeliveryStreamName'),
      bucket,
      urlOf,
      poster({ way, connection, headers } = {}) {
        return async (event, terms) =>
          senderTo(urlOf(event.sender, way), connection).post({
            body: event.body,
            headers: { 'content-type': event.contentType, ...(await headers?.(event)) },
            ...terms,
          });
      },
      stored: () => jsonLinesBelow(s3, bucket, 'rawdata/'),
    };
  };
  return {
    ...stackOf(await bench.outputs(), 'webhooks'),
    async another(stack, parameters) {
      const outputs = await bench.deployStack({ stack, template: TEMPLATE, parameters });
      return stackOf({ [stack]: outputs }, stack);
    },
    command: (...args) => runNaetmul(bench.edge, ...args),
    close() {
      for (const sender of senders.values()) sender.close();
    },
  };
}
