import { errors } from '../../errors.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'string'; readonly text: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number };

/** In turn: white space, a word, a number, a text in quotes (a doubled quote is one), a symbol. */
const PATTERN =
  /(\s+)|([A-Za-z_][A-Za-z0-9_]*)|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|(<>|!=|<=|>=|\|\||[=<>(),.*+\-/%[\]{}:@])/y;

/** @throws SqlParseException */
export function tokensOf(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < sql.length) {
    const at = PATTERN.lastIndex;
    const match = PATTERN.exec(sql);
    if (!match) throw errors.sqlParse(`Unexpected "${sql.slice(at, at + 10)}" at character ${at + 1}.`);
    const [, space, word, number, single, double, symbol] = match;
    if (space !== undefined) continue;
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol, at });
    else {
      const text = single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? '';
      tokens.push({ kind: 'string', text, at });
    }
  }
  return tokens;
}
