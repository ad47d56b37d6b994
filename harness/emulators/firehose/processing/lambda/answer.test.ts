import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer, type Verdict } from './answer.ts';
import { reasons } from './failures.ts';

const IDS = ['1', '2', '3'];
const ok = (recordId: string, text = recordId) => ({
  recordId,
  result: 'Ok',
  data: Buffer.from(text).toString('base64'),
});
const answer = (records: unknown) => JSON.stringify({ records });

/** `=text`, `dropped`, or the code of the failure. */
function told(verdicts: readonly Verdict[]): string[] {
  return verdicts.map((verdict) => {
    if (verdict.result === 'Ok') return `=${Buffer.from(verdict.data).toString()}`;
    return verdict.result === 'Dropped' ? 'dropped' : verdict.reason.code;
  });
}

test('the order of the answer does not matter, and what was not asked for is ignored', () => {
  const records = [ok('3'), ok('9'), { recordId: '1', result: 'Dropped' }, ok('2', '물')];
  expect(told(readAnswer(answer(records), IDS))).toEqual(['dropped', '=물', '=3']);
});

describe('only that record fails', () => {
  const neighbours = [ok('1'), ok('3')];
  test.each([
    ['that the function gives up', [{ recordId: '2', result: 'ProcessingFailed' }], reasons.processingFailed],
    ['that is not returned', [], reasons.missingRecordId],
    ['that is returned under another name', [ok('two')], reasons.missingRecordId],
    ['that is returned without its name', [{ result: 'Ok', data: '' }], reasons.missingRecordId],
    ['that is returned twice', [ok('2'), ok('2')], reasons.duplicatedRecordId],
    ['whose data is absent', [{ recordId: '2', result: 'Ok' }], reasons.noData],
    ['whose data is null', [{ recordId: '2', result: 'Ok', data: null }], reasons.noData],
  ])('%s', (_, records, reason) => {
    const verdicts = readAnswer(answer([...neighbours, ...records]), IDS);
    expect(told(verdicts)).toEqual(['=1', reason.code, '=3']);
    expect(verdicts[1]).toEqual({ result: 'failed', reason });
  });
});

describe('all records fail', () => {
  test.each([
    ['when one has an unknown result', answer([ok('1'), { recordId: '2', result: 'OK', data: '' }, ok('3')])],
    ['when one has no result', answer([ok('1'), { recordId: '2', data: '' }, ok('3')])],
    ['when one is not in base64', answer([ok('1'), { recordId: '2', result: 'Ok', data: 'a b%' }, ok('3')])],
    ['when one is no text', answer([ok('1'), { recordId: '2', result: 'Ok', data: { a: 1 } }, ok('3')])],
  ])('%s', (_, payload) => {
    const verdict = { result: 'failed', reason: reasons.invalidOutput };
    expect(readAnswer(payload, IDS)).toEqual([verdict, verdict, verdict]);
  });

  test.each([
    '',
    '{',
    '"records"',
    '[]',
    answer({}),
    answer('1'),
    answer([null]),
    answer([[]]),
  ])('when the answer is %j', (payload) => {
    expect(told(readAnswer(payload, IDS))).toEqual(IDS.map(() => 'Lambda.JsonProcessingException'));
  });

  test.each(['null', '{}', answer([]), answer(null)])('as not returned when the answer is %j', (payload) => {
    expect(told(readAnswer(payload, IDS))).toEqual(IDS.map(() => 'Lambda.MissingRecordId'));
  });
});

test('line breaks in base64 are passed over, and partition keys read as texts', () => {
  const metadata = { partitionKeys: { year: 2022, live: true, name: 'a', none: null, list: [1] } };
  const payload = answer([{ recordId: '1', result: 'Ok', data: 'aGVs\nbG8=\n', metadata }]);
  expect(readAnswer(payload, ['1'])).toEqual([
    {
      result: 'Ok',
      data: Buffer.from('hello'),
      partitionKeys: { year: '2022', live: 'true', name: 'a', none: null, list: null },
    },
  ]);
});

describe('whatever a function answers', () => {
  const id = fc.constantFrom(...IDS, '4');
  const record = fc.record(
    {
      recordId: fc.oneof(id, fc.jsonValue()),
      result: fc.oneof(fc.constantFrom('Ok', 'Ok', 'Dropped', 'ProcessingFailed', 'ok'), fc.jsonValue()),
      data: fc.oneof(fc.base64String(), fc.jsonValue()),
      metadata: fc.oneof(fc.jsonValue(), fc.record({ partitionKeys: fc.jsonValue() })),
    },
    { requiredKeys: [] },
  );
  const payload = fc.oneof(
    fc.array(record, { maxLength: 6 }).map(answer),
    fc.array(fc.oneof(record, fc.jsonValue()), { maxLength: 6 }).map(answer),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
  );
  /** One verdict for each record, and `Ok` for none that the answer does not have exactly once. */
  const isSound = (read: typeof readAnswer) => (text: string) => {
    const verdicts = read(text, IDS);
    expect(verdicts).toHaveLength(IDS.length);
    verdicts.forEach((verdict, n) => {
      if (verdict.result !== 'Ok') return;
      const { records } = JSON.parse(text) as { records: { recordId: unknown; data: string }[] };
      const same = records.filter(({ recordId }) => recordId === IDS[n]);
      expect(same.map(({ data }) => Buffer.from(data, 'base64').toString('hex'))).toEqual([
        Buffer.from(verdict.data).toString('hex'),
      ]);
    });
  };

  test('every record is accounted for', () => {
    fc.assert(fc.property(payload, isSound(readAnswer)), { numRuns: 2000 });
  });

  test('a reader that trusts the order of the answer is caught', () => {
    const trusting: typeof readAnswer = (text, ids) => {
      const { records } = JSON.parse(text) as { records: { recordId: string }[] };
      return readAnswer(text, records.map(({ recordId }) => recordId).slice(0, ids.length));
    };
    expect(() => isSound(trusting)(answer([ok('2'), ok('1'), ok('3')]))).toThrow();
    expect(() => isSound(trusting)(answer([ok('1'), ok('2')]))).toThrow();
  });
});
