import { expect, test } from 'vitest';
import { GROUP_ARN, refusal, startLogs } from '../testing.ts';

test('the older and the newer way of tagging see the same tags', async () => {
  const { call } = await startLogs();
  call('CreateLogGroup', { logGroupName: 'g', tags: { made: 'first' } });
  const resourceArn = `${GROUP_ARN}g`;
  call('TagResource', { resourceArn: `${resourceArn}:*`, tags: { stage: 'PROD', team: 'brook' } });
  call('TagLogGroup', { logGroupName: 'g', tags: { team: 'river' } });
  expect(call('ListTagsForResource', { resourceArn })).toEqual({
    tags: { made: 'first', stage: 'PROD', team: 'river' },
  });
  call('UntagResource', { resourceArn, tagKeys: ['stage'] });
  call('UntagLogGroup', { logGroupName: 'g', tags: ['made', 'unknown'] });
  expect(call('ListTagsLogGroup', { logGroupName: 'g' })).toEqual({ tags: { team: 'river' } });
});

test('the 51st tag is refused and none of its call is kept', async () => {
  const { call, make } = await startLogs();
  make('g', 's');
  const resourceArn = `${GROUP_ARN}g`;
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`t${at}`, '']));
  call('TagResource', { resourceArn, tags });
  expect(refusal(() => call('TagResource', { resourceArn, tags: { t0: 'changed', more: '' } }))).toMatch(
    /^TooManyTagsException: /,
  );
  expect(call('ListTagsForResource', { resourceArn })).toEqual({ tags });
});

test.each([
  'nowhere',
  'arn:aws:logs:us-east-1:000000000000:log-group:g',
])('%s is no log group here', async (resourceArn) => {
  const { call, make } = await startLogs();
  make('g', 's');
  expect(refusal(() => call('ListTagsForResource', { resourceArn }))).toBe(
    'ResourceNotFoundException: The specified log group does not exist.',
  );
});
