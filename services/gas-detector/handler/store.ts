import { INDEX_TEMPLATE } from './index-template.ts';
import { idOf, type Reading } from './reading.ts';

/** Where readings are kept. */
export interface Store {
  /** Stores a reading once, however often it is put. Throws `Refused` for what will never be taken; else try again. */
  put(reading: Reading): Promise<'created' | 'was there'>;
}

/** The reading does not fit what the index has. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Asks OpenSearch, and resolves with any answer it gives. */
export type Ask = (
  method: 'PUT',
  path: string,
  body: string,
) => Promise<{ readonly status: number; readonly text: string }>;

/**
 * An index of OpenSearch. The first time it makes the index's template, which is why it is there before the index: on
 * AWS nothing but a request to the domain can make it.
 */
export function openSearchStore(ask: Ask, index: string): Store {
  let template: Promise<void> | undefined;
  const makeTemplate = async () => {
    const body = JSON.stringify({ index_patterns: [index], ...INDEX_TEMPLATE });
    const { status, text } = await ask('PUT', `/_index_template/${index}`, body);
    if (status !== 200) throw new Error(`OpenSearch answered ${status} to the index template: ${text}`);
  };
  return {
    async put(reading) {
      template ??= makeTemplate();
      try {
        await template;
      } catch (error) {
        template = undefined;
        throw error;
      }
      const { status, text } = await ask('PUT', `/${index}/_create/${idOf(reading)}`, JSON.stringify(reading));
      if (status === 201) return 'created';
      if (status === 409) return 'was there';
      if (status === 400) throw new Refused(reasonIn(text));
      throw new Error(`OpenSearch answered ${status}: ${text}`);
    },
  };
}

/** The reason that an error of OpenSearch gives, without what it repeats of the document. */
function reasonIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { reason?: unknown } };
    const reason = typeof error?.reason === 'string' ? error.reason : 'no reason given';
    return reason.replace(/ in document with id '[^']*'.*$/s, '');
  } catch {
    return 'no reason given';
  }
}
