import { createHash } from 'node:crypto';

/** What of a record says which event it tells of. */
export interface IdentifiedRecord {
  readonly sender: string;
  readonly event: unknown;
}

/**
 * The identity of the event that a record tells of: equal for each time that the sender posted it, by whatever way it
 * came. 43 characters, whatever the sender put into its id.
 *
 * | sender | by |
 * |---|---|
 * | `050` | `call_id` |
 * | `appsflyer` | `appsflyer_id`, `event_name`, `event_time` and `event_value`: its messages have no id of their own |
 * | `adbrix` | `a_key`, `event_name`, `event_datetime` and `param_json`: of one click there are several events |
 * | others | `event_id` |
 *
 * An event without these is known by all of its content: two that are equal but for the order of their members are one.
 * So a sender without ids must not put into the body what differs from one attempt to the next, and JSON numbers of
 * more than 15 digits are not told apart (ECMA-262 reads them as doubles): send them as text.
 */
export function eventIdentity({ sender, event }: IdentifiedRecord): string {
  const own = isObject(event) ? idOf(sender, event) : undefined;
  // An id never looks like a content: the two lists differ in their second member.
  return digest(own === undefined ? [sender, 'content', event] : [sender, 'id', ...own]);
}

type Members = Readonly<Record<string, unknown>>;

interface Id {
  /** An event that lacks one of these has no id. */
  readonly members: readonly string[];
  /** May be missing, as AppsFlyer leaves out what is empty, and tell two events of one user and time apart. */
  readonly value?: string;
}

const IDS: Readonly<Record<string, Id>> = {
  '050': { members: ['call_id'] },
  appsflyer: { members: ['appsflyer_id', 'event_name', 'event_time'], value: 'event_value' },
  adbrix: { members: ['a_key', 'event_name', 'event_datetime'], value: 'param_json' },
};
const GENERAL_ID: Id = { members: ['event_id'] };

function idOf(sender: string, event: Members): readonly unknown[] | undefined {
  const { members, value } = (Object.hasOwn(IDS, sender) ? IDS[sender] : undefined) ?? GENERAL_ID;
  if (!members.every((name) => isId(own(event, name)))) return undefined;
  // A number and its digits are one id: a form has no numbers.
  const id: unknown[] = members.map((name) => String(own(event, name)));
  return value === undefined ? id : [...id, own(event, value) ?? null];
}

function isId(value: unknown): boolean {
  return (typeof value === 'string' && value.trim() !== '') || Number.isSafeInteger(value);
}

function own(event: Members, name: string): unknown {
  return Object.hasOwn(event, name) ? event[name] : undefined;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}

/**
 * JSON without white space, the members of every object in the order of their names. Goes by a list of what is left to
 * do instead of calling itself: a sender may nest as deep as a record is long.
 */
export function canonicalJson(value: unknown): string {
  let json = '';
  const todo: ({ readonly text: string } | { readonly value: unknown })[] = [{ value }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if ('text' in next) json += next.text;
    else if (Array.isArray(next.value)) {
      todo.push({ text: ']' });
      for (let index = next.value.length - 1; index >= 0; index--) {
        todo.push({ value: next.value[index] }, { text: index === 0 ? '[' : ',' });
      }
      if (next.value.length === 0) todo.push({ text: '[' });
    } else if (isObject(next.value)) {
      const names = Object.keys(next.value).sort();
      todo.push({ text: '}' });
      for (let index = names.length - 1; index >= 0; index--) {
        const name = names[index] as string;
        todo.push({ value: next.value[name] }, { text: `${index === 0 ? '{' : ','}${JSON.stringify(name)}:` });
      }
      if (names.length === 0) todo.push({ text: '{' });
    } else json += JSON.stringify(next.value) ?? 'null';
  }
  return json;
}
