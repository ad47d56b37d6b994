import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ClockControl, createClock } from '../../../clock/index.ts';
import { type Session, Sessions } from './sessions.ts';

const HOUR_MS = 60 * 60 * 1000;
let clock: ClockControl;
let expired: Session<string>[];
let sessions: Sessions<string>;

beforeEach(async () => {
  clock = createClock();
  await clock.hold();
  expired = [];
  sessions = new Sessions(clock, (session) => expired.push(session));
});

afterEach(() => clock.close());

const subscribers = (topic: string) => [...sessions.subscribedTo(topic).keys()].map(({ clientId }) => clientId);

test('a clean session ends with its connection', () => {
  const session = sessions.open('pi', true, 'first');
  sessions.subscribe(session, 'a', 1);
  sessions.left(session, 'first');
  expect(subscribers('a')).toEqual([]);
  expect(sessions.get('pi')).toBeUndefined();
});

test('a persistent session waits for its client one hour of the clock', async () => {
  const session = sessions.open('pi', false, 'first');
  sessions.subscribe(session, 'a', 1);
  sessions.keep(session, 'a', Buffer.from('1'), 'message//1');
  sessions.left(session, 'first');
  await clock.advance(HOUR_MS - 1);
  expect(subscribers('a')).toEqual(['pi']);
  await clock.advance(1);
  expect(subscribers('a')).toEqual([]);
  expect(expired).toEqual([session]);
  expect(sessions.open('pi', false, 'second')).not.toBe(session);
});

test('a client that comes back in time finds its session, which waits a whole hour again', async () => {
  const session = sessions.open('pi', false, 'first');
  sessions.left(session, 'first');
  await clock.advance(HOUR_MS - 1);
  expect(sessions.open('pi', false, 'second')).toBe(session);
  await clock.advance(HOUR_MS);
  sessions.left(session, 'second');
  await clock.advance(HOUR_MS - 1);
  expect(sessions.get('pi')).toBe(session);
  expect(expired).toEqual([]);
});

test('a client that comes back with a clean session finds nothing, and nothing expires later', async () => {
  const session = sessions.open('pi', false, 'first');
  sessions.subscribe(session, 'a', 1);
  sessions.left(session, 'first');
  sessions.open('pi', true, 'second');
  expect(subscribers('a')).toEqual([]);
  await clock.advance(HOUR_MS);
  expect(expired).toEqual([]);
});

test.for([true, false])('the end of a connection that was taken over changes nothing (clean: %s)', async (clean) => {
  const first = sessions.open('pi', clean, 'first');
  const second = sessions.open('pi', clean, 'second');
  sessions.subscribe(second, 'a', 1);
  sessions.left(first, 'first');
  await clock.advance(HOUR_MS);
  expect(subscribers('a')).toEqual(['pi']);
  expect(second.connection).toBe('second');
});
