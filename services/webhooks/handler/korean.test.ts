import { expect, test } from 'vitest';
import { decodeKorean } from './korean.ts';

test.each([
  ['ASCII', [0x61, 0x20, 0x7e], 'a ~'],
  ['syllables of KS X 1001', [0xbb, 0xf3, 0xb4, 0xe3], '상담'],
  ['a hanja and a sign', [0xd9, 0xfd, 0xa1, 0xd9], '問☆'],
  ['syllables that KS X 1001 left out', [0x8c, 0x63, 0x94, 0xee, 0x81, 0x41, 0xc6, 0x52], '똠뷁갂힣'],
])('%s are read', (_what, bytes, text) => {
  expect(decodeKorean(Uint8Array.from(bytes))).toBe(text);
});

test.each([
  ['UTF-8', [...Buffer.from('상담')]],
  ['a character that is cut off', [0x61, 0xbb]],
  ['a lead byte that leads nowhere', [0xff, 0xff]],
  ['a place after the last syllable', [0xc6, 0x53]],
])('%s is none', (_what, bytes) => {
  expect(decodeKorean(Uint8Array.from(bytes))).toBeUndefined();
});
