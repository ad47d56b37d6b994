import { filterProblem } from '../../broker/topics.ts';
import { errors } from '../../errors.ts';
import { type Comparison, type Expression, FUNCTIONS, type FunctionName, type Query, type Selected } from './query.ts';
import { type Token, tokensOf } from './tokens.ts';

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
/** What AWS's SQL has besides, to be refused by name. */
const OTHER_WORDS = ['SET', 'IN', 'EXISTS', 'CASE', 'LIKE', 'VALUE', 'GROUP', 'ORDER', 'LIMIT', 'BETWEEN', 'IS'];
const OTHER_SYMBOLS = ['+', '-', '*', '/', '%', '||', '[', '{'];
const RESERVED = [...OTHER_WORDS, 'SELECT', 'FROM', 'WHERE', 'AS', 'AND', 'OR', 'NOT'];

/**
 * Reads a rule's SQL statement.
 *
 * @throws SqlParseException, and NotImplementedException for what AWS's SQL has and this has not
 */
export function parseQuery(sql: string): Query {
  const parser = new Parser(sql);
  const query = parser.query();
  parser.end();
  return query;
}

/** Reads one expression, as it stands in a substitution template. */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  const expression = parser.expression();
  parser.end();
  return expression;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(sql: string) {
    this.#tokens = tokensOf(sql);
  }

  query(): Query {
    this.#expectWord('SELECT');
    const selection = [this.#selected()];
    while (this.#takeSymbol(',')) selection.push(this.#selected());
    this.#expectWord('FROM');
    const filter = this.#take('string')?.text;
    if (filter === undefined) throw this.#unexpected("a topic filter in quotes, such as 'pi/+'");
    const problem = filterProblem(filter);
    if (problem !== undefined) throw errors.sqlParse(`The topic filter "${filter}" of FROM is not valid: ${problem}.`);
    const where = this.#takeWord('WHERE') ? this.expression() : undefined;
    return { selection, filter, where };
  }

  end(): void {
    if (this.#peek() !== undefined) throw this.#unexpected('the end of the statement');
  }

  expression(): Expression {
    let left = this.#conjunction();
    while (this.#takeWord('OR')) left = { kind: 'logic', operator: 'OR', left, right: this.#conjunction() };
    return left;
  }

  #selected(): Selected {
    if (this.#takeSymbol('*')) {
      if (this.#takeWord('AS')) throw unsupported('"* AS"');
      return { kind: 'all' };
    }
    const expression = this.expression();
    if (!this.#takeWord('AS')) return { kind: 'value', name: nameOf(expression), expression };
    const alias = this.#take('word') ?? this.#take('string');
    if (!alias) throw this.#unexpected('a name after AS');
    if (this.#takeSymbol('.')) throw unsupported('an alias with a dot');
    return { kind: 'value', name: alias.text, expression };
  }

  #conjunction(): Expression {
    let left = this.#negation();
    while (this.#takeWord('AND')) left = { kind: 'logic', operator: 'AND', left, right: this.#negation() };
    return left;
  }

  #negation(): Expression {
    return this.#takeWord('NOT') ? { kind: 'not', operand: this.#negation() } : this.#comparison();
  }

  #comparison(): Expression {
    const left = this.#operand();
    const token = this.#peek();
    const operator = token?.kind === 'symbol' ? COMPARISONS[token.text] : undefined;
    if (operator === undefined) {
      this.#refuseOthers(OTHER_SYMBOLS);
      return left;
    }
    this.#next += 1;
    const right = this.#operand();
    this.#refuseOthers(OTHER_SYMBOLS);
    return { kind: 'compare', operator, left, right };
  }

  #operand(): Expression {
    if (this.#takeSymbol('(')) {
      if (this.#takeWord('SELECT')) throw unsupported('a nested SELECT');
      const inner = this.expression();
      this.#expectSymbol(')');
      return inner;
    }
    const text = this.#take('string');
    if (text) return { kind: 'literal', value: text.text };
    const sign = this.#takeSymbol('-') ? -1 : 1;
    const number = this.#take('number');
    if (number) return { kind: 'literal', value: sign * Number(number.text) };
    if (sign < 0) throw unsupported('arithmetic');
    this.#refuseOthers(['[', '{']);
    return this.#named();
  }

  /** A literal word, a call or a path. */
  #named(): Expression {
    const word = this.#take('word');
    if (!word) throw this.#unexpected('a value');
    const upper = word.text.toUpperCase();
    if (upper === 'TRUE' || upper === 'FALSE') return { kind: 'literal', value: upper === 'TRUE' };
    if (upper === 'NULL') return { kind: 'literal', value: null };
    if (this.#takeSymbol('(')) return this.#call(word.text);
    if (OTHER_WORDS.includes(upper)) throw unsupported(upper);
    if (RESERVED.includes(upper)) {
      this.#next -= 1;
      throw this.#unexpected('a value');
    }
    const names = [word.text];
    while (this.#takeSymbol('.')) {
      const part = this.#take('word') ?? this.#take('string');
      if (!part) throw this.#unexpected('a name after the dot');
      names.push(part.text);
    }
    this.#refuseOthers(['[']);
    return { kind: 'path', names };
  }

  #call(given: string): Expression {
    const name = given.toLowerCase() as FunctionName;
    if (!FUNCTIONS.includes(name)) throw unsupported(`the function ${given}()`);
    const argument = this.#take('number');
    this.#expectSymbol(')');
    if (argument && name !== 'topic') throw errors.sqlParse(`The function ${given}() takes no argument.`);
    return { kind: 'call', name, argument: argument && Number(argument.text) };
  }

  /** What would be an operator or an index in AWS's SQL. */
  #refuseOthers(symbols: readonly string[]): void {
    const token = this.#peek();
    if (token?.kind === 'symbol' && symbols.includes(token.text)) throw unsupported(`"${token.text}"`);
    if (token?.kind === 'word' && OTHER_WORDS.includes(token.text.toUpperCase())) {
      throw unsupported(token.text.toUpperCase());
    }
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(kind: Token['kind']): Token | undefined {
    const token = this.#peek();
    if (token?.kind !== kind) return undefined;
    this.#next += 1;
    return token;
  }

  #takeWord(word: string): boolean {
    const token = this.#peek();
    const taken = token?.kind === 'word' && token.text.toUpperCase() === word;
    if (taken) this.#next += 1;
    return taken;
  }

  #takeSymbol(symbol: string): boolean {
    const token = this.#peek();
    const taken = token?.kind === 'symbol' && token.text === symbol;
    if (taken) this.#next += 1;
    return taken;
  }

  #expectWord(word: string): void {
    if (this.#takeWord(word)) return;
    this.#refuseOthers([]);
    throw this.#unexpected(word);
  }

  #expectSymbol(symbol: string): void {
    if (!this.#takeSymbol(symbol)) throw this.#unexpected(`"${symbol}"`);
  }

  #unexpected(wanted: string): Error {
    const token = this.#peek();
    const found = token ? `"${token.text}" at character ${token.at + 1}` : 'the end';
    return errors.sqlParse(`Expected ${wanted}, but found ${found}.`);
  }
}

function nameOf(expression: Expression): string {
  if (expression.kind === 'path') return expression.names.at(-1) ?? '';
  if (expression.kind === 'call') return expression.name;
  throw unsupported('an expression without AS in SELECT');
}

function unsupported(what: string): Error {
  return errors.unsupported(`${what} in the SQL of rules`);
}
