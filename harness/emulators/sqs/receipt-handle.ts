import { errors } from './errors.ts';

/** Which receive of which message a receipt handle is of. */
export interface Receipt {
  readonly messageId: string;
  readonly receive: number;
}

/** Opaque to clients, as AWS's are; `queueId` is another one when a queue is made again. */
export function receiptHandle(queueId: string, { messageId, receive }: Receipt): string {
  return Buffer.from(`${queueId} ${messageId} ${receive}`).toString('base64');
}

export function readReceiptHandle(queueId: string, handle: string): Receipt {
  const [, queue, messageId, receive] =
    /^(\S+) ([0-9a-f-]{36}) (\d+)$/.exec(Buffer.from(handle, 'base64').toString()) ?? [];
  if (queue !== queueId || messageId === undefined) throw errors.invalidHandle(handle);
  return { messageId, receive: Number(receive) };
}
