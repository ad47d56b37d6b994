import { DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import type { Lock } from '../../clock/index.ts';
import { arnOf, bodies, NOON, refusal, SECOND, type SqsBench, sqsBench } from './testing.ts';

const NEVER = new AbortController().signal;

/** Resolves when a long poll of the queue waits on the clock. */
async function polled({ clock }: SqsBench, count = 1): Promise<void> {
  const waiting = () => clock.diagnostics().timers.filter(({ name }) => name.startsWith('ReceiveMessage of'));
  while (waiting().length < count) await new Promise((resolve) => setImmediate(resolve));
}

test('a long poll of an empty queue ends when its time is over on the clock, and not before', async () => {
  const bench = await sqsBench();
  const QueueUrl = await bench.make('brook');
  let answered = false;
  const polling = bench.receive(QueueUrl, { WaitTimeSeconds: 20 }).finally(() => {
    answered = true;
  });
  await polled(bench);
  await bench.clock.advance(20 * SECOND - 1);
  expect(answered).toBe(false);
  await bench.clock.advance(1);
  expect(await polling).toEqual([]);
});

test('time that jumps by itself does not wait for a long poll, but stands still from its message to its answer', async () => {
  const bench = await sqsBench();
  const QueueUrl = await bench.make('brook', { ReceiveMessageWaitTimeSeconds: '20' });
  await bench.send(QueueUrl, 'a');
  await bench.receive(QueueUrl, { VisibilityTimeout: 7 });
  await bench.clock.auto();
  const received = await bench.receive(QueueUrl, { AttributeNames: ['All'] });
  expect(bodies(received)).toEqual(['a']);
  const [receive] = bench.entries().filter(({ detail }) => detail?.receiveCount === 2);
  expect(receive?.t).toBe(NOON + 7 * SECOND);
});

test('a long poll gets a message in the instant it is sent, and those that wait longer get theirs first', async () => {
  const bench = await sqsBench();
  const QueueUrl = await bench.make('brook');
  const first = bench.receive(QueueUrl, { WaitTimeSeconds: 20 });
  await polled(bench, 1);
  const second = bench.receive(QueueUrl, { WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
  await polled(bench, 2);
  await bench.send(QueueUrl, 'a', 'b', 'c');
  expect(bodies(await first)).toEqual(['a']);
  expect(bodies(await second)).toEqual(['b', 'c']);
  expect(bench.told('sqs/brook')).toEqual(['accepted 3', 'noted 1', 'noted 2']);
});

test('a long poll goes on when what came was a dead letter', async () => {
  const bench = await sqsBench();
  await bench.make('dlq');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 1 });
  const QueueUrl = await bench.make('brook', { RedrivePolicy, VisibilityTimeout: '1' });
  await bench.send(QueueUrl, 'poison');
  await bench.receive(QueueUrl);
  const polling = bench.receive(QueueUrl, { WaitTimeSeconds: 20 });
  await polled(bench);
  await bench.clock.advance(5 * SECOND);
  await bench.send(QueueUrl, 'good');
  expect(bodies(await polling)).toEqual(['good']);
  expect(bench.told('sqs/brook')).toContain('dead-lettered 1');
});

test('a client that went away gets no message', async () => {
  const bench = await sqsBench();
  const QueueUrl = await bench.make('brook');
  const leaving = new AbortController();
  const polling = bench.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
    abortSignal: leaving.signal,
  });
  await polled(bench);
  leaving.abort();
  await expect(polling).rejects.toThrow();
  while (bench.clock.diagnostics().timers.length > 0) await new Promise((resolve) => setImmediate(resolve));
  await bench.send(QueueUrl, 'a');
  expect(bodies(await bench.receive(QueueUrl))).toEqual(['a']);
});

test('a long poll of a queue that is deleted meanwhile learns of it', async () => {
  const bench = await sqsBench();
  const QueueUrl = await bench.make('brook');
  const polling = refusal(bench.receive(QueueUrl, { WaitTimeSeconds: 20 }));
  await polled(bench);
  await bench.client.send(new DeleteQueueCommand({ QueueUrl }));
  expect(await polling).toBe('QueueDoesNotExist: The specified queue does not exist.');
});

test('a watcher inside waits for a queue that is not there yet, and reads it under the lock that it gets', async () => {
  const bench = await sqsBench();
  const waiting = bench.emulator.watch.whenReceivable(arnOf('brook'), 'mapping of worker', NEVER);
  const QueueUrl = await bench.make('brook');
  await bench.send(QueueUrl, 'a');
  const lock: Lock = await waiting;
  expect(bench.clock.diagnostics().locks.map(({ name }) => name)).toContain('mapping of worker');
  const inside = bench.edge.access.client(SQSClient);
  const { Messages = [] } = await inside.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }));
  expect(bodies(Messages)).toEqual(['a']);
  lock.release();
});

test('a poller that reads what it is woken for drains the queue, whatever jumps time makes', async () => {
  const bench = await sqsBench();
  const QueueUrl = await bench.make('brook', { VisibilityTimeout: '5' });
  const { watch } = bench.emulator;
  const inside = bench.edge.access.client(SQSClient);
  const seen = new Map<string, number>();
  const end = new AbortController();
  const poll = async () => {
    for (;;) {
      using _ = await watch.whenReceivable(arnOf('brook'), 'poller', end.signal);
      const { Messages = [] } = await inside.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 3 }));
      for (const { Body = '' } of Messages) seen.set(Body, (seen.get(Body) ?? 0) + 1);
    }
  };
  const pollers = [poll(), poll(), poll()].map((poller) => poller.catch(() => undefined));
  await bench.clock.auto();
  await bench.send(QueueUrl, ...[...Array(40).keys()].map(String));
  while (seen.size < 40 || Math.min(...seen.values()) < 3) await new Promise((resolve) => setImmediate(resolve));
  await bench.clock.hold();
  end.abort();
  await Promise.all(pollers);
  // Nobody deletes: in every five seconds each message is received once.
  const counts = bench
    .entries()
    .flatMap(({ what, ids = [], detail, t }) =>
      what === 'noted' ? ids.map((id) => [String(id), Number(detail?.receiveCount), t] as const) : [],
    );
  for (const [, receiveCount, t] of counts) expect(t - NOON).toBeGreaterThanOrEqual((receiveCount - 1) * 5 * SECOND);
});
