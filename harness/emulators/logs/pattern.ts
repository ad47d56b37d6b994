import { invalidParameter, unsupported } from './errors.ts';

/** Says whether a message matches a filter pattern. */
export type Matcher = (message: string) => boolean;

interface Term {
  readonly prefix: '' | '-' | '?';
  readonly text: string;
}

/**
 * Reads a filter pattern of terms: `ERROR timeout` (all of them), `"exact phrase"`, `-debug` (without it),
 * `?ERROR ?WARN` (any of them). Case matters. Patterns for JSON and for space-delimited events and regular
 * expressions are refused by name. An empty pattern matches every event.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compilePattern(pattern: string): Matcher {
  const trimmed = pattern.trim();
  if (trimmed.startsWith('{')) {
    if (!trimmed.endsWith('}')) throw invalidParameter("If a filter pattern starts with '{' it must end with '}'");
    throw unsupported('A filter pattern for JSON events');
  }
  if (trimmed.startsWith('[')) throw unsupported('A filter pattern for space-delimited events');
  if (trimmed.startsWith('%')) throw unsupported('A regular expression in a filter pattern');

  const terms = readTerms(trimmed);
  const [wanted, unwanted, optional] = (['', '-', '?'] as const).map((prefix) =>
    terms.filter((term) => term.prefix === prefix).map((term) => term.text),
  ) as [string[], string[], string[]];
  if (optional.length > 0 && optional.length < terms.length) {
    throw unsupported('A filter pattern that mixes terms with ? and terms without');
  }
  return (message) =>
    wanted.every((term) => message.includes(term)) &&
    !unwanted.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)));
}

function readTerms(pattern: string): Term[] {
  const terms: Term[] = [];
  let at = 0;
  while (at < pattern.length) {
    const [whole, space = '', prefix = '', quoted, plain] =
      /^(\s*)([-?]?)(?:"((?:[^"\\]|\\.)+)"(?=\s|$)|([\p{L}\p{N}_]+)(?=\s|$))?/u.exec(pattern.slice(at)) ?? [];
    const text = quoted?.replace(/\\(.)/g, '$1') ?? plain;
    if (whole === undefined || text === undefined) throw invalidTerm(pattern.slice(at + space.length + prefix.length));
    terms.push({ prefix: prefix as Term['prefix'], text });
    at += whole.length;
  }
  return terms;
}

/** AWS names the first characters that a term outside quotation marks may not have. */
function invalidTerm(rest: string): Error {
  const [culprit = rest] = /[^\p{L}\p{N}_\s]+/u.exec(rest) ?? [];
  return invalidParameter(`Invalid character(s) in term '${culprit}'`);
}
