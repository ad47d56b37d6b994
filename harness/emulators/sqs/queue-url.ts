import type { Call } from '../../edge/emulator.ts';

/** Where a queue is, as far as its URL says. */
export interface QueueLocation {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** The URL under which the caller's own address of the endpoint finds the queue. */
export function queueUrl({ accountId, name }: Omit<QueueLocation, 'region'>, call: Call): string {
  const host = call.request.headers.host ?? `sqs.${call.region}.amazonaws.com`;
  return `http://${host}/${accountId}/${name}`;
}

/**
 * Reads any form of queue URL by its last two steps: `http://localhost:4566/000000000000/brook`,
 * `https://sqs.eu-west-1.amazonaws.com/…`, `http://localhost:4566/queue/eu-west-1/…`. AWS takes the bare name, too.
 */
export function parseQueueUrl(url: string, call: Call): QueueLocation {
  const [, host = '', path = ''] = /^(?:[a-z]+:\/\/)?([^/]*)(\/.*)$/i.exec(url) ?? [];
  const steps = path.split('/').filter((step) => step !== '');
  const [accountId, name] = steps.slice(-2);
  if (accountId === undefined || name === undefined) {
    return { accountId: call.accountId, region: call.region, name: url };
  }
  const regionInHost = /^(?:sqs\.([a-z]+-[a-z-]+-\d)|([a-z]+-[a-z-]+-\d)\.queue)\./.exec(host);
  const regionInPath = steps.length === 4 && steps[0] === 'queue' ? steps[1] : undefined;
  return { accountId, region: regionInPath ?? regionInHost?.[1] ?? regionInHost?.[2] ?? call.region, name };
}
