import { MAX_TOPIC_BYTES, MAX_TOPIC_SLASHES } from '../limits.ts';

/** Messages for rules alone: no subscriber gets them. */
const BASIC_INGEST = /^\$aws\/rules\/[^/]+\//;
/** What naetmul itself publishes below `$aws/`. */
const LIFECYCLE = /^\$aws\/events\//;

export const SHARED_PREFIX = '$share/';

export function isBasicIngest(topic: string): boolean {
  return BASIC_INGEST.test(topic);
}

/** Why nobody may publish to this topic; undefined when it is one. */
export function topicProblem(topic: string): string | undefined {
  if (/[+#]/.test(topic)) return 'it has a wildcard';
  if (topic.startsWith('$') && !isBasicIngest(topic)) return 'topics that begin with $ are reserved';
  return sizeProblem(topic, topic.replace(BASIC_INGEST, ''));
}

/** Why nobody may subscribe to this topic filter; undefined when it is one. */
export function filterProblem(filter: string): string | undefined {
  const levels = filter.split('/');
  for (const [at, level] of levels.entries()) {
    if (level === '+' || (level === '#' && at === levels.length - 1)) continue;
    if (/[+#]/.test(level)) return 'a wildcard must be a whole level, and # the last one';
  }
  if (filter.startsWith('$') && !LIFECYCLE.test(filter)) {
    return 'of the reserved topics, which begin with $, naetmul has only $aws/events/';
  }
  return sizeProblem(filter, filter);
}

function sizeProblem(topic: string, counted: string): string | undefined {
  if (topic.length === 0) return 'it is empty';
  if (topic.includes('\0')) return 'it has a NUL character';
  if (Buffer.byteLength(topic) > MAX_TOPIC_BYTES) return `it is longer than ${MAX_TOPIC_BYTES} bytes`;
  if (counted.split('/').length - 1 > MAX_TOPIC_SLASHES) return `it has more than ${MAX_TOPIC_SLASHES} slashes`;
  return undefined;
}

/** Retained messages come to a subscriber only by their topic itself. Source: AWS IoT developer guide, "MQTT". */
export function isExact(filter: string): boolean {
  return !/[+#]/.test(filter);
}
