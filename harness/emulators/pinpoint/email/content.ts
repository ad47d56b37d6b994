import { errors } from '../errors.ts';
import type { Endpoint } from '../model.ts';

export interface MailContent {
  readonly subject: string;
  readonly html: string | undefined;
  readonly text: string | undefined;
}

/** What `{{…}}` can name: members of the endpoint, and the caller's substitutions. */
export type Variables = Readonly<Record<string, unknown>>;

export function variablesOf(endpoint: Endpoint): Variables {
  return { ...endpoint };
}

/** Puts the recipient's values where a message says `{{Attributes.name}}`; nothing where there is no value. */
export function fill(content: MailContent, variables: Variables): MailContent {
  const filled = (text: string) =>
    text.includes('{{') ? text.replace(VARIABLE, (_, path: string) => valueAt(path, variables)) : text;
  return {
    subject: filled(content.subject),
    html: content.html === undefined ? undefined : filled(content.html),
    text: content.text === undefined ? undefined : filled(content.text),
  };
}

const VARIABLE = /\{\{\s*([\w.[\]]+)\s*\}\}/g;
const OTHER_VARIABLE = /\{\{(?!\s*[\w.[\]]+\s*\}\})[^}]{0,40}\}*/;

/** Refuses what Handlebars has beside variables. */
export function checkContent({ subject, html, text }: MailContent): void {
  const found = OTHER_VARIABLE.exec([subject, html, text].join('\n'))?.[0];
  if (found !== undefined) throw errors.unsupported(`"${found}" in a message, only variables such as {{User.UserId}}`);
}

function valueAt(path: string, variables: Variables): string {
  let value: unknown = variables[path];
  if (value === undefined) {
    value = variables;
    for (const name of path.split(/[.[\]]+/).filter(Boolean)) value = (value as Variables | undefined | null)?.[name];
  }
  if (Array.isArray(value)) return value.join(',');
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}

/** The link that somebody clicks who clicks: the first one of the message. */
export function firstLink({ html, text }: MailContent): string | undefined {
  const href = /<a\s[^>]*?href\s*=\s*["']?(https?:\/\/[^"'\s>]+)/i.exec(html ?? '')?.[1];
  return href ?? /https?:\/\/[^\s<>"']+/.exec(text ?? '')?.[0];
}
