/** One statement of an SQL file. */
export interface Statement {
  /** Without the semicolon that ends it. */
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
}

/** What a semicolon may stand in without ending a statement, each as far as it goes; else one character. */
const TOKEN =
  /'(?:[^'\\]|\\.|'')*'?|"(?:[^"\\]|\\.|"")*"?|`(?:[^`]|``)*`?|--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[\s\S]/gs;

/**
 * The statements of a file, in MySQL's way of writing: quotes of three kinds, comments of three kinds. What is empty
 * but for comments is none. Source: MySQL reference manual, "Comments" and "String Literals".
 */
export function splitStatements(sql: string): readonly Statement[] {
  const statements: Statement[] = [];
  let text = '';
  let line = 1;
  let begun: number | undefined;
  const end = () => {
    if (begun !== undefined) statements.push({ text: text.trim(), line: begun });
    text = '';
    begun = undefined;
  };
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === ';') {
      end();
    } else {
      // Comments before a statement are none of it.
      if (begun === undefined && !isBlank(token)) begun = line;
      if (begun !== undefined) text += token;
    }
    line += token.split('\n').length - 1;
  }
  end();
  return statements;
}

/** White space or a comment; but what stands in an executable comment is executed. */
function isBlank(token: string): boolean {
  return /^\s$/.test(token) || /^(--|#)/.test(token) || /^\/\*(?!M?!)/.test(token);
}
