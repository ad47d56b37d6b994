import { expect, test } from 'vitest';
import { physicalName } from './physical-name.ts';

const parts = { stack: 'ingest', logicalId: 'Bucket', region: 'ap-northeast-2', accountId: '000000000000' };

test('a name has CloudFormation’s form and is the same every time', () => {
  const name = physicalName(parts, { maxLength: 64 });
  expect(name).toMatch(/^ingest-Bucket-[A-Z0-9]{12}$/);
  expect(physicalName(parts, { maxLength: 64 })).toBe(name);
});

test('another stack, region, account, logical id or generation makes another suffix', () => {
  const suffixes = [
    parts,
    { ...parts, stack: 'other' },
    { ...parts, region: 'us-east-1' },
    { ...parts, accountId: '111111111111' },
    { ...parts, logicalId: 'Backup' },
    { ...parts, generation: 2 },
  ].map((each) => physicalName(each, { maxLength: 64 }).slice(-12));
  expect(new Set(suffixes).size).toBe(6);
});

test('a long name is cut before the suffix, and lower case where the service asks for it', () => {
  const name = physicalName({ ...parts, logicalId: 'B'.repeat(200) }, { maxLength: 63, lowerCase: true });
  expect(name).toMatch(/^ingest-b{43}-[a-z0-9]{12}$/);
  expect(name).toHaveLength(63);
});
