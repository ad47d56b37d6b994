import { expect, test } from 'vitest';
import { FUNCTION_ARN, processor } from './processing/testing.ts';
import { BROOK, brookBench, S3 } from './testing.ts';

const HOUR = 3_600_000;
const put = (name: string) => ({ DeliveryStreamName: name, Record: { Data: Buffer.from(name) } });

/** What one command of the emulator's is made to wait for. */
function gate() {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<unknown>();
  const ask = () => {
    asked.resolve();
    return answer.promise;
  };
  return { asked: asked.promise, ask, answer: answer.resolve };
}

test('what a function answers after a reset has begun is delivered nowhere', async () => {
  const invocation = gate();
  const processing = { Enabled: true, Processors: [processor('Lambda', { LambdaArn: FUNCTION_ARN })] };
  const { call, clock, emulator, objects } = await brookBench(
    { ExtendedS3DestinationConfiguration: { ...S3, ProcessingConfiguration: processing } },
    (command) => (command === 'Invoke' ? invocation.ask() : undefined),
  );
  await call('PutRecord', put('brook'));
  const passing = clock.advance(HOUR);
  await invocation.asked;
  const reset = emulator.reset?.();
  // A function that says nothing of a record has failed, which is a matter for the error output.
  invocation.answer({ Payload: Buffer.from('{"records":[]}') });
  await Promise.all([reset, passing]);
  await clock.advance(HOUR);
  expect(objects).toEqual([]);
  expect(clock.diagnostics().timers).toEqual([]);
});

test('during a reset there is no stream any more, while the delivery of another is under way', async () => {
  const writing = gate();
  const { call, clock, emulator, objects } = await brookBench({}, (command) =>
    command === 'PutObject' ? writing.ask() : undefined,
  );
  await call('CreateDeliveryStream', { ...BROOK, DeliveryStreamName: 'creek' });
  await clock.settled();
  await call('PutRecord', put('brook'));
  const passing = clock.advance(HOUR);
  await writing.asked;
  const reset = emulator.reset?.();
  await expect(call('PutRecord', put('creek'))).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  writing.answer(undefined);
  await Promise.all([reset, passing]);
  await clock.advance(HOUR);
  expect(objects.map(({ Body }) => String(Body))).toEqual(['brook']);
});
