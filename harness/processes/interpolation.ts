/** Text of a compose file, split into what stands as it is and the variables in it. */
export type Text = readonly (string | Variable)[];

/** `${name}`, or with an operator `${name:-word}`; the word may hold variables itself. */
interface Variable {
  readonly name: string;
  /** `-` default, `?` required, `+` replacement; undefined for the plain value. */
  readonly operator: '-' | '?' | '+' | undefined;
  /** True with a colon before the operator: an empty value then counts as none. */
  readonly emptyIsUnset: boolean;
  readonly word: Text;
}

export type Lookup = (name: string) => string | undefined;

/** A variable is written in a way that compose does not know, or one that is required has no value. */
export class InterpolationError extends Error {
  override readonly name = 'InterpolationError';
}

const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;

/**
 * Reads variables as docker compose does; `$$` is a dollar sign, and one that begins no name stays what it is.
 * Source: Compose file reference, "Interpolation".
 */
export function parseText(source: string): Text {
  return parseUntil(source, 0, undefined).text;
}

/** The names of the variables that a text cannot do without: those that stand there without a default. */
export function requiredNames(text: Text): readonly string[] {
  return text.flatMap((part) => {
    if (typeof part === 'string') return [];
    const { name, operator, word } = part;
    return operator === '-' || operator === '+' ? requiredNames(word) : [name];
  });
}

/**
 * The text with the values of its variables. One that has no value and no default becomes empty, and `onUnset` hears of
 * it. Errors: `InterpolationError` for one that is required (`${name:?sentence}`).
 */
export function resolveText(text: Text, lookup: Lookup, onUnset: (name: string) => void): string {
  return text.map((part) => (typeof part === 'string' ? part : resolveVariable(part, lookup, onUnset))).join('');
}

function resolveVariable(variable: Variable, lookup: Lookup, onUnset: (name: string) => void): string {
  const { name, operator, emptyIsUnset } = variable;
  const value = lookup(name);
  const isSet = value !== undefined && !(emptyIsUnset && value === '');
  const word = () => resolveText(variable.word, lookup, onUnset);
  switch (operator) {
    case '-':
      return isSet ? value : word();
    case '+':
      return isSet ? word() : '';
    case '?':
      if (isSet) return value;
      throw new InterpolationError(`${name} is required, and has no value: ${word() || 'none was given'}`);
    case undefined:
      if (!isSet) onUnset(name);
      return value ?? '';
  }
}

function parseUntil(source: string, start: number, closing: '}' | undefined): { text: Text; end: number } {
  const text: (string | Variable)[] = [];
  let literal = '';
  let at = start;
  const flush = (): void => {
    if (literal !== '') text.push(literal);
    literal = '';
  };
  while (at < source.length && source[at] !== closing) {
    if (source[at] !== '$') {
      literal += source[at++];
    } else if (source[at + 1] === '$') {
      literal += '$';
      at += 2;
    } else if (source[at + 1] === '{') {
      flush();
      const { variable, end } = parseBraced(source, at + 2);
      text.push(variable);
      at = end;
    } else {
      const name = nameAt(source, at + 1);
      if (name === '') {
        literal += source[at++];
        continue;
      }
      flush();
      text.push({ name, operator: undefined, emptyIsUnset: false, word: [] });
      at += 1 + name.length;
    }
  }
  flush();
  return { text, end: at };
}

/** What follows `${`, up to and with the brace that closes it. */
function parseBraced(source: string, start: number): { variable: Variable; end: number } {
  const unreadable = () => new InterpolationError(`"${source.slice(start - 2)}" is no variable as compose knows them`);
  const name = nameAt(source, start);
  let at = start + name.length;
  if (name === '') throw unreadable();
  if (source[at] === '}') {
    return { variable: { name, operator: undefined, emptyIsUnset: false, word: [] }, end: at + 1 };
  }
  const emptyIsUnset = source[at] === ':';
  if (emptyIsUnset) at++;
  const operator = source[at];
  if (operator !== '-' && operator !== '?' && operator !== '+') throw unreadable();
  const { text: word, end } = parseUntil(source, at + 1, '}');
  if (source[end] !== '}') throw unreadable();
  return { variable: { name, operator, emptyIsUnset, word }, end: end + 1 };
}

function nameAt(source: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(source)?.[0] ?? '';
}
