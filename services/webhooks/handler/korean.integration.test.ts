import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { localstackTool } from '../../../harness/engines/index.ts';
import { decodeKorean } from './korean.ts';

/** Every character that Python's code page 949 has, as `[first byte, second byte, text]`. */
const PROGRAM = `
import json
pairs = []
for lead in range(0x80, 0x100):
    for trail in range(0x100):
        try:
            pairs.append([lead, trail, bytes([lead, trail]).decode("cp949")])
        except UnicodeDecodeError:
            pass
print(json.dumps([pair for pair in pairs if len(pair[2]) == 1]))`;

test('each of the 17,048 characters of code page 949 is read as Python reads it', () => {
  const pairs: [number, number, string][] = JSON.parse(
    execFileSync(localstackTool('python'), ['-c', PROGRAM], { encoding: 'utf8', maxBuffer: 10_000_000 }),
  );
  expect(pairs).toHaveLength(17_048);
  expect(pairs.filter(([lead, trail, text]) => decodeKorean(Uint8Array.of(lead, trail)) !== text)).toEqual([]);
});
