import { expect, test } from 'vitest';
import { brookBench } from '../testing.ts';

const NAME = { DeliveryStreamName: 'brook' };

test('tags are added, replaced, listed by key and removed', async () => {
  const { call } = await brookBench({ Tags: [{ Key: 'team', Value: 'water' }] });
  await call('TagDeliveryStream', { ...NAME, Tags: [{ Key: 'stage', Value: 'dev' }, { Key: 'alone' }] });
  await call('TagDeliveryStream', { ...NAME, Tags: [{ Key: 'stage', Value: 'prod' }] });
  expect(await call('ListTagsForDeliveryStream', NAME)).toEqual({
    Tags: [{ Key: 'alone' }, { Key: 'stage', Value: 'prod' }, { Key: 'team', Value: 'water' }],
    HasMoreTags: false,
  });
  expect(await call('ListTagsForDeliveryStream', { ...NAME, Limit: 1, ExclusiveStartTagKey: 'alone' })).toEqual({
    Tags: [{ Key: 'stage', Value: 'prod' }],
    HasMoreTags: true,
  });
  await call('UntagDeliveryStream', { ...NAME, TagKeys: ['stage', 'alone', 'never'] });
  expect(await call('ListTagsForDeliveryStream', NAME)).toMatchObject({ Tags: [{ Key: 'team' }] });
});

test('50 tags are the most', async () => {
  const { call } = await brookBench();
  const tags = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}` }));
  await call('TagDeliveryStream', { ...NAME, Tags: tags });
  await call('TagDeliveryStream', { ...NAME, Tags: [{ Key: 'key-0', Value: 'again' }] });
  await expect(call('TagDeliveryStream', { ...NAME, Tags: [{ Key: 'key-50' }] })).rejects.toMatchObject({
    code: 'LimitExceededException',
    message: 'A delivery stream can have up to 50 tags',
  });
});

test('keys of AWS’s own are a violation', async () => {
  const { call } = await brookBench();
  await expect(call('TagDeliveryStream', { ...NAME, Tags: [{ Key: 'aws:mine' }] })).rejects.toMatchObject({
    code: 'ValidationException',
    message:
      "1 validation error detected: Value 'aws:mine' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?!aws:)[\\p{L}\\p{Z}\\p{N}_.:\\/=+\\-@%]*$",
  });
});
