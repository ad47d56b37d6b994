/** Where in a template something stands; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * A template that cannot be read or cannot be carried out. `line` and `column` (from 1) tell where; `message` is one
 * sentence without the position, for the caller to put it into an execution log.
 */
export class VelocityError extends Error {
  override readonly name = 'VelocityError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, position: Position) {
    super(message);
    this.line = position.line;
    this.column = position.column;
  }
}

/**
 * A Java exception that a method of a value threw (`"abc".substring(9)`). The evaluator turns it into a `VelocityError`
 * with the position of the call.
 */
export class JavaException extends Error {
  override readonly name = 'JavaException';
  readonly javaClass: string;

  constructor(javaClass: string, message?: string) {
    super(message === undefined ? javaClass : `${javaClass}: ${message}`);
    this.javaClass = javaClass;
  }
}
