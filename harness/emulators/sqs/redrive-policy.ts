import { errors } from './errors.ts';
import { MAX_RECEIVE_COUNT, MAX_SOURCE_QUEUES } from './limits.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** What must be known of a queue to say whether it may be another one's dead-letter queue. */
export interface DeadLetterTarget {
  readonly fifo: boolean;
  readonly redriveAllowPolicy: RedriveAllowPolicy | undefined;
}

export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

/** @param find the queue of an ARN, if there is one in the source's account and region */
export function readRedrivePolicy(
  text: string,
  source: { readonly arn: string; readonly fifo: boolean },
  find: (arn: string) => DeadLetterTarget | undefined,
): RedrivePolicy {
  const refuse = (reason: string) => errors.invalidValue(text, 'RedrivePolicy', reason);
  const policy = readObject(text);
  if (!policy) throw refuse('Redrive policy is not a valid JSON map.');
  for (const name of Object.keys(policy)) {
    if (name !== 'deadLetterTargetArn' && name !== 'maxReceiveCount') {
      throw refuse(`Unknown attribute in redrive policy: ${name}.`);
    }
  }
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  for (const name of ['deadLetterTargetArn', 'maxReceiveCount'] as const) {
    if (policy[name] === undefined || policy[name] === '') {
      throw refuse(`Redrive policy does not contain mandatory attribute: ${name}.`);
    }
  }
  const count = /^\d+$/.test(String(maxReceiveCount)) ? Number(maxReceiveCount) : 0;
  if (count < 1 || count > MAX_RECEIVE_COUNT) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${MAX_RECEIVE_COUNT} both inclusive.`,
    );
  }
  const arn = String(deadLetterTargetArn);
  const target = find(arn);
  if (!target) throw refuse('Dead letter target does not exist.');
  if (target.fifo !== source.fifo) throw refuse('Dead-letter queue must be same type of queue as the source.');
  if (!allows(target.redriveAllowPolicy, source.arn)) {
    throw refuse("Dead-letter queue's redrive allow policy does not permit this source queue.");
  }
  return { deadLetterTargetArn: arn, maxReceiveCount: count };
}

export function readRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const refuse = (reason: string) => errors.invalidValue(text, 'RedriveAllowPolicy', reason);
  const policy = readObject(text);
  if (!policy) throw refuse('Redrive allow policy is not a valid JSON map.');
  const { redrivePermission, sourceQueueArns } = policy;
  if (redrivePermission !== 'allowAll' && redrivePermission !== 'denyAll' && redrivePermission !== 'byQueue') {
    throw refuse(
      `Invalid value for redrivePermission: ${redrivePermission}, valid values are allowAll, denyAll and byQueue.`,
    );
  }
  const arns: unknown[] = Array.isArray(sourceQueueArns) ? sourceQueueArns : [];
  if (redrivePermission !== 'byQueue') {
    if (sourceQueueArns !== undefined) {
      throw refuse('sourceQueueArns can only be given with the redrivePermission byQueue.');
    }
  } else if (arns.length < 1 || arns.length > MAX_SOURCE_QUEUES) {
    throw refuse(`sourceQueueArns must name from 1 to ${MAX_SOURCE_QUEUES} queues.`);
  }
  return { redrivePermission, sourceQueueArns: arns.map(String) };
}

function allows(policy: RedriveAllowPolicy | undefined, source: string): boolean {
  if (!policy || policy.redrivePermission === 'allowAll') return true;
  return policy.redrivePermission === 'byQueue' && policy.sourceQueueArns.includes(source);
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
