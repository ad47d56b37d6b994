import { errors } from './errors.ts';
import type { Queue } from './queue.ts';

interface Statement {
  readonly Sid?: string;
}

interface Policy {
  readonly Version: string;
  readonly Id: string;
  readonly Statement: readonly Statement[];
}

/** Actions that can be permitted to others. Nobody is refused anything here, but what is written down must be right. */
const ACTIONS = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);

/** A service takes only so many at once: API_AddPermission.html */
const MAX_ACTIONS = 7;

export function addPermission(
  queue: Queue,
  label: string,
  accountIds: readonly string[],
  actions: readonly string[],
): void {
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(label)) {
    throw errors.invalidValue(
      label,
      'Label',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
  if (actions.length > MAX_ACTIONS) throw errors.tooManyActions(actions.length);
  for (const action of actions) {
    if (ACTIONS.has(action)) continue;
    throw errors.invalidValue(
      `SQS:${action}`,
      'ActionName',
      'Please refer to the appropriate WSDL for a list of valid actions. ',
    );
  }
  const policy = policyOf(queue);
  if (policy.Statement.some(({ Sid }) => Sid === label)) throw errors.invalidValue(label, 'Label', 'Already exists.');
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrAll(accountIds.map((accountId) => `arn:aws:iam::${accountId}:root`)) },
    Action: oneOrAll(actions.map((action) => `SQS:${action}`)),
    Resource: queue.arn,
  };
  queue.attributes.set('Policy', JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] }));
}

export function removePermission(queue: Queue, label: string): void {
  const policy = policyOf(queue);
  const left = policy.Statement.filter(({ Sid }) => Sid !== label);
  if (left.length === policy.Statement.length) throw errors.invalidValue(label, 'Label', "can't find label.");
  if (left.length > 0) queue.attributes.set('Policy', JSON.stringify({ ...policy, Statement: left }));
  else queue.attributes.delete('Policy');
}

function policyOf({ attributes, arn }: Queue): Policy {
  const text = attributes.get('Policy');
  const empty: Policy = { Version: '2008-10-17', Id: `${arn}/SQSDefaultPolicy`, Statement: [] };
  if (text === undefined) return empty;
  const policy = JSON.parse(text) as Partial<Policy>;
  // One statement may stand there without a list around it.
  return { ...empty, ...policy, Statement: [policy.Statement ?? []].flat() };
}

function oneOrAll(texts: readonly string[]): string | readonly string[] {
  return texts.length === 1 ? (texts[0] as string) : texts;
}
