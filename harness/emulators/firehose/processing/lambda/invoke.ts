import type { AwsAccess } from '../../../../edge/emulator.ts';
import { withNotes } from '../../../../edge/headers.ts';
import type { Attempt } from '../../destinations/destination.ts';
import { type EventRecord, eventOf, uuidOf } from './event.ts';
import { type Reason, reasonOfError, reasonOfFunctionError } from './failures.ts';
import { type LambdaSettings, pauseAfter } from './settings.ts';

/** How the last of the invocations for some records ended: with an answer, or not. */
export type Outcome = { readonly attemptsMade: number; readonly endedAt: number } & (
  | { readonly payload: string }
  | { readonly reason: Reason }
);

/**
 * Invokes the function for some records until it answers, or the retries are used up. `name` tells these records from
 * all others. Rejects only when stopped.
 */
export async function invokeUntilAnswered(
  records: readonly EventRecord[],
  { functionArn, retries }: LambdaSettings,
  aws: AwsAccess,
  attempt: Attempt,
  name: string,
): Promise<Outcome> {
  for (let attemptsMade = 1; ; attemptsMade++) {
    const startedAt = attempt.now();
    const event = eventOf(records, attempt, uuidOf(`${name}/${attemptsMade}`));
    const ended = await invoke(functionArn, event, records[0]?.item.source.cause, aws, attempt.signal);
    const endedAt = attempt.now();
    attempt.count('ExecuteProcessing.Duration', endedAt - startedAt);
    attempt.count('ExecuteProcessing.Success', 'payload' in ended ? 1 : 0);
    if ('payload' in ended) return { ...ended, attemptsMade, endedAt };
    attempt.reportError(ended.reason.code, ended.reason.message, functionArn);
    if (attemptsMade > retries) return { ...ended, attemptsMade, endedAt };
    await attempt.lock.sleep(pauseAfter(attemptsMade), attempt.signal);
  }
}

async function invoke(
  functionArn: string,
  event: string,
  cause: number | undefined,
  aws: AwsAccess,
  signal: AbortSignal,
): Promise<{ readonly payload: string } | { readonly reason: Reason }> {
  // Not before it is used: few delivery streams transform.
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const command = new InvokeCommand({
    FunctionName: functionArn,
    InvocationType: 'RequestResponse',
    Payload: Buffer.from(event),
  });
  try {
    const client = aws.client(LambdaClient, functionArn.split(':')[3]);
    const { FunctionError, Payload } = await client.send(command, withNotes({ cause }, { abortSignal: signal }));
    const payload = Buffer.from(Payload ?? []).toString();
    return FunctionError === undefined ? { payload } : { reason: reasonOfFunctionError(payload) };
  } catch (error) {
    signal.throwIfAborted();
    return { reason: reasonOfError(error) };
  }
}
