import * as z from 'zod';

/** Characters (code points) of an id or an event's name: what its column holds. */
export const MAX_NAME_CHARACTERS = 255;

/**
 * An id or an event's name. White space at its ends is refused because databases compare text without it: two ids
 * that differ in nothing else would be one.
 */
const name = z
  .string()
  .refine((text) => text !== '', 'must not be empty')
  .refine((text) => [...text].length <= MAX_NAME_CHARACTERS, `must have at most ${MAX_NAME_CHARACTERS} characters`)
  .refine((text) => text.trim() === text, 'must not begin or end with white space')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode: it has half of a surrogate pair');

const text = z.string().refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

const parametersSchema = z.strictObject({ order_id: text, currency: text, price: z.number() });

/** What senders post. `parameters` left out is `parameters: null`. */
export const eventSchema = z.strictObject({
  event_id: name,
  event: name,
  user_id: name,
  parameters: parametersSchema.nullable().default(null),
});

/** `2022-01-27T05:48:25.123456Z`: UTC, up to six decimals. */
const eventDatetime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/, 'must look like 2022-01-27T05:48:25.123456Z')
  .refine(isOnTheCalendar, 'must be a time that exists');

/** What goes through the queue: the event and when it was collected. */
export const messageSchema = eventSchema.extend({ event_datetime: eventDatetime });

export const searchSchema = z.strictObject({ user_id: name });

export type Parameters = z.infer<typeof parametersSchema>;
export type CollectedEvent = z.infer<typeof eventSchema>;
export type EventMessage = z.infer<typeof messageSchema>;

/** One event as the searches answer it. */
export type FoundEvent = Pick<EventMessage, 'event_id' | 'event' | 'event_datetime' | 'parameters'>;

/** How a database writes the time: `2022-01-27 05:48:25.123456`. */
export function toSqlDatetime(eventDatetime: string): string {
  return eventDatetime.slice(0, -1).replace('T', ' ');
}

/** As `%Y-%m-%dT%H:%M:%S.%fZ`. */
export function fromSqlDatetime(datetime: string): string {
  const [seconds = '', fraction = ''] = datetime.replace(' ', 'T').split('.');
  return `${seconds}.${fraction.padEnd(6, '0')}Z`;
}

/** The time as the events carry it. A JavaScript clock tells milliseconds, so the last three of six digits are zeros. */
export function eventDatetimeOf(instant: Date): string {
  return instant.toISOString().replace('Z', '000Z');
}

/** JavaScript takes 30 February for 2 March. */
function isOnTheCalendar(datetime: string): boolean {
  const seconds = datetime.slice(0, 19);
  const time = Date.parse(`${seconds}Z`);
  return Number.isFinite(time) && time >= Date.UTC(1000, 0) && new Date(time).toISOString().startsWith(seconds);
}
