import { expect, test } from 'vitest';
import { connectProblem, effectiveKeepAlive } from './connect.ts';

const REQUEST = {
  peer: { kind: 'iam', accessKeyId: 'test', address: '127.0.0.1' },
  protocolVersion: 4,
  clientId: 'pi-1',
  clean: true,
  keepAlive: 60,
  will: undefined,
} as const;

test.for([
  [{}, undefined],
  [{ clientId: '' }, undefined],
  [{ clientId: 'x'.repeat(128) }, undefined],
  [{ clientId: 'x'.repeat(129) }, [0x20, 2, 0, 2]],
  [{ clientId: '냇'.repeat(43) }, [0x20, 2, 0, 2]],
  [{ clientId: '', clean: false }, [0x20, 2, 0, 2]],
  [{ clientId: '$pi' }, [0x20, 2, 0, 2]],
  [{ protocolVersion: 3 }, [0x20, 2, 0, 1]],
  [{ protocolVersion: 5 }, [0x20, 3, 0, 0x84, 0]],
] as const)('CONNACK to %j', ([difference, reply]) => {
  const answered = connectProblem({ ...REQUEST, ...difference })?.reply;
  expect(answered && [...answered]).toEqual(reply);
});

test.for([
  [0, 1200],
  [1, 30],
  [29, 30],
  [30, 30],
  [60, 60],
  [1200, 1200],
  [1201, 1200],
  [65_535, 1200],
] as const)('a keep alive of %d s is taken as %d s', ([asked, effective]) => {
  expect(effectiveKeepAlive(asked)).toBe(effective);
});
