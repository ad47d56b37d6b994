import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitStatements } from './statements.ts';

const texts = (sql: string) => splitStatements(sql).map(({ text }) => text);

describe('splitStatements', () => {
  test('gives each statement with its line, and leaves out what is empty', () => {
    expect(splitStatements('-- head; of file\n\nSELECT 1;\n;  \n/* a;b */ SELECT\n 2 -- two;\n;# end')).toEqual([
      { text: 'SELECT 1', line: 3 },
      { text: 'SELECT\n 2 -- two;', line: 5 },
    ]);
  });

  test.each([
    [`INSERT INTO t VALUES ('a;b')`],
    [`INSERT INTO t VALUES ('it''s; \\'; so')`],
    [`SELECT "a;""b;" FROM \`c;\`\`d\``],
    ['SELECT 1 /* ; */ + 2 # ; \n'],
    ['SELECT 5--2'],
    ["SELECT '\\\\'"],
  ])('does not split within %s', (statement) => {
    expect(texts(`${statement};SELECT 3`)).toEqual([statement.trim(), 'SELECT 3']);
  });

  test('takes -- for a comment only before white space', () => {
    expect(texts('SELECT 1--;SELECT 2;')).toEqual(['SELECT 1--', 'SELECT 2']);
  });

  test('keeps what stands in an executable comment', () => {
    expect(texts('/*!40101 SET NAMES utf8mb4 */;\n/*M! SET a = 1 */;')).toEqual([
      '/*!40101 SET NAMES utf8mb4 */',
      '/*M! SET a = 1 */',
    ]);
  });

  test('ends at the end of the file, whatever is left open', () => {
    expect(texts("SELECT 'a; b")).toEqual(["SELECT 'a; b"]);
    expect(texts('SELECT 1; /* never closed;')).toEqual(['SELECT 1']);
  });

  test('finds again whatever was joined with semicolons', () => {
    const quoted = fc
      .tuple(
        fc.constantFrom("'", '"', '`'),
        fc.string({ unit: fc.constantFrom('a', ';', '\n', '-', '#', '/', '*', ' ') }),
      )
      .map(([quote, inner]) => `${quote}${inner}${quote}`);
    const part = fc.oneof(quoted, fc.constantFrom('SELECT', '1', '+ 2', '/* c; */', '-- c;\n', '# ;\n'));
    const statement = fc.array(part, { maxLength: 6 }).map((parts) => ['SET', ...parts].join(' ').trim());
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        const sql = statements.map((text) => `${text}\n`).join(';');
        const found = splitStatements(sql);
        expect(found.map(({ text }) => text)).toEqual(statements);
        const lines = sql.split('\n');
        for (const { line } of found) expect(lines[line - 1]).toContain('SET');
      }),
    );
  });
});
