/** A message of the topic, as the page shows it. */
export interface Message {
  readonly kind: 'success' | 'failure' | 'warning' | 'other';
  readonly text: string;
}

/** What the function says of a good reading. */
const SUCCESS = 'success';
const LONGEST_TEXT = 500;

/** Reads `{"msg": …}` and `{"warning": …}`; anything else is shown as it is. */
export function readMessage(payload: string): Message {
  const { msg, warning } = fieldsOf(payload);
  if (typeof warning === 'string') return { kind: 'warning', text: shortened(warning) };
  if (typeof msg === 'string') return { kind: msg === SUCCESS ? 'success' : 'failure', text: shortened(msg) };
  return { kind: 'other', text: shortened(payload) };
}

function fieldsOf(payload: string): { readonly msg?: unknown; readonly warning?: unknown } {
  try {
    return Object(JSON.parse(payload));
  } catch {
    return {};
  }
}

function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}
