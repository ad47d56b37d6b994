import { describe, expect, test } from 'vitest';
import { type ClockControl, createClock, type Machine, parseInstant } from './index.ts';

const START = parseInstant('2022-01-27T05:48:25Z');
const HOUR = 3_600_000;

async function heldClock(): Promise<ClockControl> {
  const clock = createClock();
  await clock.travelTo(START);
  return clock;
}

/** A machine whose clock the test moves by hand. */
function handMovedMachine(): Machine & { at: number } {
  return {
    at: 1_000_000,
    now() {
      return this.at;
    },
    monotonic() {
      return this.at;
    },
    sleep: () => Promise.resolve(),
    setTimer: () => ({ cancel: () => undefined }),
    async turn() {
      this.at += 1;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('real mode', () => {
  test('shows the machine’s time and fires timers by it', async () => {
    const machine = handMovedMachine();
    const clock = createClock({ machine });
    expect(clock.now()).toBe(machine.at);
    const real = createClock();
    await expect(real.sleep(1)).resolves.toBeUndefined();
    expect(real.mode).toBe('real');
  });

  test('an aborted sleep rejects with the signal’s reason and leaves no timer', async () => {
    const clock = createClock();
    const abort = new AbortController();
    const sleeping = clock.sleep(HOUR, { signal: abort.signal });
    abort.abort(new Error('no longer wanted'));
    await expect(sleeping).rejects.toThrow('no longer wanted');
    expect(clock.diagnostics().timers).toEqual([]);
  });
});

describe('held time', () => {
  test('stands still until it is moved', async () => {
    const clock = await heldClock();
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(START);
    await clock.advance(1500);
    expect(clock.now()).toBe(START + 1500);
  });

  test('48 hours of timers are fired in order, each at its own instant, in well under their real time', async () => {
    const clock = await heldClock();
    const fired: number[] = [];
    const tick = () => {
      fired.push(clock.now());
      if (fired.length < 1000) clock.setTimer('tick', (48 * HOUR) / 1000, tick);
    };
    clock.setTimer('tick', (48 * HOUR) / 1000, tick);
    await clock.advance(48 * HOUR);
    expect(fired).toHaveLength(1000);
    expect(fired).toEqual(fired.map((_, index) => START + ((index + 1) * 48 * HOUR) / 1000));
  });

  test('a timer of a fraction of a millisecond is fired at the next whole one', async () => {
    const clock = await heldClock();
    const seen: number[] = [];
    clock.setTimer('a third of ten', 10 / 3, () => void seen.push(clock.now()));
    await clock.advance(10);
    expect(seen).toEqual([START + 4]);
  });

  test('a timer set by another timer on the way is fired on the way too', async () => {
    const clock = await heldClock();
    const seen: string[] = [];
    clock.setTimer('outer', 1000, () => {
      seen.push('outer');
      clock.setTimer('inner', 1000, () => void seen.push('inner'));
    });
    clock.setTimer('last', 3000, () => void seen.push('last'));
    await clock.advance(3000);
    expect(seen).toEqual(['outer', 'inner', 'last']);
  });

  test('waits for work under a lock before it moves on', async () => {
    const clock = await heldClock();
    const seen: string[] = [];
    clock.setTimer('slow delivery', 1000, async () => {
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
      seen.push(`delivered at +${clock.now() - START}`);
    });
    clock.setTimer('next', 1001, () => void seen.push('next'));
    await clock.advance(5000);
    expect(seen).toEqual(['delivered at +1000', 'next']);
  });

  test('a lock that sleeps lets time go by', async () => {
    const clock = await heldClock();
    const work = clock.run('retrying', async (lock) => {
      await lock.sleep(60_000);
      return clock.now();
    });
    await clock.advance(120_000);
    await expect(work).resolves.toBe(START + 60_000);
  });

  test('travelling back leaves a timer what it had left to wait', async () => {
    const clock = await heldClock();
    let firedAt: number | undefined;
    clock.setTimer('buffer', 300_000, () => {
      firedAt = clock.now();
    });
    await clock.travelTo(START - 48 * HOUR);
    await clock.advance(299_999);
    expect(firedAt).toBeUndefined();
    await clock.advance(1);
    expect(firedAt).toBe(START - 48 * HOUR + 300_000);
  });

  test('a cancelled timer is not fired', async () => {
    const clock = await heldClock();
    let fired = false;
    clock
      .setTimer('unwanted', 10, () => {
        fired = true;
      })
      .cancel();
    await clock.advance(1000);
    expect(fired).toBe(false);
  });

  test('diagnostics name what keeps time from moving, and what is due', async () => {
    const clock = await heldClock();
    const lock = clock.lock('POST /PROD/v1');
    clock.setTimer('firehose buffer', 60_000, () => undefined);
    const { now, mode, locks, timers } = clock.diagnostics();
    expect({ now, mode }).toEqual({ now: '2022-01-27T05:48:25.000Z', mode: 'held' });
    expect(locks.map((held) => held.name)).toEqual(['POST /PROD/v1']);
    expect(timers).toEqual([{ name: 'firehose buffer', due: '2022-01-27T05:49:25.000Z', quiet: false }]);
    lock.release();
    expect(() => lock.release()).toThrow('The clock\'s lock "POST /PROD/v1" was released twice.');
  });

  test('an error in a timer is reported under the timer’s name and stops nothing', async () => {
    const errors: string[] = [];
    const clock = createClock({ onError: (timer, error) => void errors.push(`${timer}: ${(error as Error).message}`) });
    await clock.travelTo(START);
    clock.setTimer('bad', 1, () => {
      throw new Error('boom');
    });
    let fired = false;
    clock.setTimer('good', 2, () => {
      fired = true;
    });
    await clock.advance(2);
    expect(errors).toEqual(['bad: boom']);
    expect(fired).toBe(true);
  });
});

describe('polls', () => {
  test('are skipped while they find nothing and nothing else happens', async () => {
    const clock = await heldClock();
    let looks = 0;
    clock.poll('shard reader', 1000, async () => {
      looks++;
      return false;
    });
    await clock.advance(48 * HOUR);
    expect(looks).toBe(1);
    expect(clock.now()).toBe(START + 48 * HOUR);
  });

  test('look again within their interval after something has happened', async () => {
    const clock = await heldClock();
    const looks: number[] = [];
    clock.poll('shard reader', 1000, async () => {
      looks.push(clock.now() - START);
      return false;
    });
    await clock.advance(HOUR);
    clock.lock('POST /PROD/v1').release();
    await clock.advance(HOUR);
    expect(looks).toHaveLength(2);
    expect(looks[1]).toBeLessThanOrEqual(HOUR + 1000);
  });

  test('keep looking as long as they find something', async () => {
    const clock = await heldClock();
    let left = 5;
    const looks: number[] = [];
    clock.poll('shard reader', 1000, async () => {
      looks.push(clock.now() - START);
      return left-- > 0;
    });
    await clock.advance(HOUR);
    expect(looks).toEqual([1000, 2000, 3000, 4000, 5000, 6000]);
  });
});

describe('auto mode', () => {
  test('jumps to the next timer when nothing is running', async () => {
    const clock = await heldClock();
    const { promise, resolve } = Promise.withResolvers<number>();
    clock.setTimer('buffer', 300_000, () => resolve(clock.now()));
    await clock.auto();
    await expect(promise).resolves.toBe(START + 300_000);
  });

  test('does not jump while a lock is held', async () => {
    const clock = await heldClock();
    await clock.auto();
    const lock = clock.lock('busy');
    let fired = false;
    const fire = Promise.withResolvers<void>();
    clock.setTimer('buffer', 300_000, () => {
      fired = true;
      fire.resolve();
    });
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(fired).toBe(false);
    lock.release();
    await fire.promise;
    expect(clock.now()).toBe(START + 300_000);
  });
});

describe('stamps of the machine’s time', () => {
  test('are mapped to what virtual time showed at that moment', async () => {
    const machine = handMovedMachine();
    const clock = createClock({ machine });
    const before = machine.at;
    await clock.travelTo(START);
    const held = machine.at;
    await clock.advance(HOUR);
    const later = machine.at + 10;
    expect(clock.fromMachine(before)).toBe(before);
    expect(clock.fromMachine(held)).toBe(START);
    expect(clock.fromMachine(later)).toBe(START + HOUR);
  });

  test('a stamp taken just before a jump belongs to the time before it', async () => {
    const machine = handMovedMachine();
    const clock = createClock({ machine });
    await clock.travelTo(START);
    const stamp = machine.at;
    clock.noteMachineStamp();
    await clock.advance(HOUR);
    expect(clock.fromMachine(stamp)).toBe(START);
  });

  test('back in real time they are the machine’s again', async () => {
    const machine = handMovedMachine();
    const clock = createClock({ machine });
    await clock.travelTo(START);
    await clock.real();
    machine.at += 5000;
    expect(clock.fromMachine(machine.at)).toBe(machine.at);
    expect(clock.now()).toBe(machine.at);
  });
});
