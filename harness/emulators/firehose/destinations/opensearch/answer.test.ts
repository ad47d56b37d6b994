import { describe, expect, test } from 'vitest';
import { readBulkAnswer } from './answer.ts';

const read = (body: unknown, documents: number, status = 200) =>
  readBulkAnswer(status, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), documents);

describe('the answer to a bulk request', () => {
  test.each([
    '{"errors":false,"items":[{"index":{"status":201}}]}',
    '{"took":30,"errors":false,"items":[{"index":{"status":200}}]}',
    '{"took":30,"ingest_took":2,"errors":false,"items":[]}',
    '{"errors":false}',
  ])('without errors is not looked at further: %s', (body) => {
    expect(read(body, 1)).toEqual({ kind: 'all-stored' });
  });

  test('with errors tells of each document', () => {
    const error = {
      type: 'mapper_parsing_exception',
      reason: 'failed to parse',
      caused_by: { type: 'x', reason: 'y' },
    };
    const items = [
      { index: { status: 201 } },
      { index: { status: 400, error } },
      { index: { status: 429, error: { type: 'rejected_execution_exception' } } },
      { index: { status: 503, error: { type: 'unavailable_shards_exception' } } },
      { index: { status: 200 } },
    ];
    expect(read({ errors: true, items }, 5)).toEqual({
      kind: 'some-refused',
      refusals: [
        undefined,
        { errorCode: '400', errorMessage: JSON.stringify(error), isPassing: false },
        { errorCode: '429', errorMessage: '{"type":"rejected_execution_exception"}', isPassing: true },
        { errorCode: '503', errorMessage: '{"type":"unavailable_shards_exception"}', isPassing: true },
        undefined,
      ],
    });
  });

  test.each([
    400, 403, 413, 429, 500, 502, 503,
  ])('of status %i is a failure of the whole request, for now', (status) => {
    expect(read('<html>no</html>', 2, status)).toEqual({
      kind: 'failed',
      refusal: { errorCode: `${status}`, errorMessage: '<html>no</html>', isPassing: true },
    });
  });

  test.each([
    ['cut off', '{"errors":true,"items":[{"index":{"sta'],
    ['something else', '"errors"'],
    ['without items', '{"errors":true}'],
    ['of another number of documents', '{"errors":true,"items":[{"index":{"status":201}}]}'],
  ])('that is %s says nothing', (_, body) => {
    expect(read(body, 2)).toEqual({
      kind: 'failed',
      refusal: {
        errorCode: '200',
        errorMessage: 'The answer does not tell of the 2 documents of the request.',
        isPassing: true,
      },
    });
  });

  test('is not taken for free of errors because a document’s error says so', () => {
    const items = [{ index: { status: 400, error: { reason: '{"errors":false,' } } }];
    expect(read({ errors: true, items }, 1)).toMatchObject({ kind: 'some-refused' });
    expect(read({ items, errors: true }, 1)).toMatchObject({ kind: 'some-refused' });
  });
});
