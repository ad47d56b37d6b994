import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readForm } from './form.ts';

const read = (form: string, encoding?: string) => readForm(Buffer.from(form), encoding);

/** What a browser reads. The question mark keeps one at the form's own beginning from being taken off. */
function readAsBrowsersDo(form: string): Record<string, string | string[]> {
  // Node's parser spoils bare letters beyond ASCII next to a stray %.
  const fields = new URLSearchParams(`?${form.replace(/[^\p{ASCII}]+/gu, encodeURIComponent)}`);
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}

const PIECES = [
  ...[
    '&',
    '=',
    '+',
    '%',
    '%4',
    '%zz',
    '%41',
    '%EA%B0%80',
    '%00',
    '%0A',
    '%22',
    '%5C',
    '%26',
    '%3D',
    '%2B',
    '%EF%BB%BF',
  ],
  ...['"', "'", '\\', '/', '\n', '$', '{', '}', '[', ']', ',', ':', 'a', 'b', 'name', '가', 'é', '👍', ' ', '\u2028'],
  ...['__proto__', 'constructor', ';'],
];

test('a form in UTF-8 is read as a browser reads it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 40 }), (form) => {
      const expected = readAsBrowsersDo(form);
      // A browser marks bytes that are none of UTF-8 with U+FFFD; those may be EUC-KR here.
      fc.pre(!JSON.stringify(expected).includes('\uFFFD'));
      expect(Object.entries(read(form))).toEqual(Object.entries(expected));
    }),
    { numRuns: 1000 },
  );
});

describe('EUC-KR', () => {
  const KOREAN = 'memo=%BB%F3%B4%E3+%BF%CF%B7%E1&food=%8Cc';
  const FIELDS = { memo: '상담 완료', food: '똠' };

  test.each([
    'euc-kr',
    'EUC-KR',
    'ks_c_5601-1987',
    'cp949',
    'MS949',
    'windows-949',
    'x-windows-949',
    'UHC',
  ])('is what %s says', (encoding) => {
    expect(read(KOREAN, encoding)).toEqual(FIELDS);
  });

  test.each([undefined, '', 'utf-8', 'nonsense'])('is found where the content type says %j', (encoding) => {
    expect(read(KOREAN, encoding)).toEqual(FIELDS);
  });

  test('is what a form is read as that has not percent-encoded it', () => {
    const body = Buffer.from('6d656d6f3dbbf3b4e3', 'hex');
    expect(readForm(body)).toEqual({ memo: '상담' });
  });

  test('is not what a form is that is UTF-8 too', () => {
    // 쨈 in UTF-8 are also two and a half characters of EUC-KR.
    expect(read('memo=%EC%A8%88')).toEqual({ memo: '쨈' });
    expect(read('memo=%C2%B1')).toEqual({ memo: '±' });
  });

  test('is not made of what is neither: its bad bytes are marked, the rest is read', () => {
    expect(read('memo=%EC%83%81%EB%8B%B4&bad=%FF')).toEqual({ memo: '상담', bad: '\ufffd' });
    expect(read('a=%C2%B1&b=%FF')).toEqual({ a: '±', b: '\ufffd' });
    expect(read('memo=%EC%83%81%EB%8B&x=%FF', 'euc-kr')).toEqual({ memo: expect.any(String), x: '\ufffd' });
  });
});

test('another encoding that the content type names is used', () => {
  expect(read('name=%93%FA%96%7B', 'shift_jis')).toEqual({ name: '日本' });
});

describe('a form that is long', () => {
  const tooLarge = expect.objectContaining({ status: 400, message: 'The event must have at most 1 MiB.' });

  test('is read while its JSON may have 1 MiB', () => {
    expect(read('a&'.repeat(340_000)).a).toHaveLength(340_000);
    expect(read(`a=${'x'.repeat(1024 * 1024 - 8)}`).a).toHaveLength(1024 * 1024 - 8);
  });

  test.each([
    ['one name again and again', 'a&'.repeat(350_000)],
    ['many names', Array.from({ length: 100_000 }, (_, n) => `f${n}`).join('&')],
    ['one long name', 'x'.repeat(1024 * 1024)],
    ['one long value', `a=${'%41'.repeat(1024 * 1024)}`],
  ])('and longer as JSON is refused: %s', (_what, form) => {
    expect(() => read(form)).toThrow(tooLarge);
  });

  test.each([
    ['many fields', "'a&'.repeat(340_000)"],
    ['far too many', "'a&'.repeat(2_900_000)"],
    ['a long Korean text', "'a=' + '%BB%F3'.repeat(950_000)"],
    ['few Korean letters and many others', "'a=%BB%F3&b=' + 'x'.repeat(5_900_000)"],
  ])('does not fill the memory of a function: %s', (_what, form) => {
    const script = `
      const { readForm } = await import(${JSON.stringify(new URL('form.ts', import.meta.url))});
      const peakMib = () => process.resourceUsage().maxRSS / 1024;
      const before = peakMib();
      const body = Buffer.from(${form});
      try { readForm(body) } catch (refusal) { if (refusal.status !== 400) throw refusal }
      console.log(Math.round(peakMib() - before));`;
    const options = { encoding: 'utf8', stdio: 'pipe' } as const;
    const grown = execFileSync(process.execPath, ['--input-type=module', '--eval', script], options);
    // The function has 256 MiB, of which Node takes some 80.
    expect(Number(grown)).toBeLessThan(120);
  });
});
