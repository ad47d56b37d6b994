import type { BinaryOperator, Expression, ParsedTemplate, PathStep, ReferenceNode, SetNode } from './ast.ts';
import type { Budget } from './budget.ts';
import { javaEquals } from './equality.ts';
import { JavaException, type Position, VelocityError } from './error.ts';
import { foreachMember, foreachMethod } from './foreach-scope.ts';
import { assignIndex, assignProperty, callMethod, getIndex, getProperty } from './members.ts';
import { arithmetic, compareNumbers, intValue, type MathOperator, UnsupportedArithmetic } from './numbers.ts';
import { Block, ForeachScope, type Scope, type Slot } from './scope.ts';
import { toJavaString } from './text.ts';
import { int, JavaList, JavaMap, JavaNumber, type Value } from './values.ts';

/** Computes what expressions are, and what references print. */
export class Expressions {
  readonly #budget: Budget;
  readonly #interpolate: (template: ParsedTemplate, scope: Scope) => string;

  constructor(budget: Budget, interpolate: (template: ParsedTemplate, scope: Scope) => string) {
    this.#budget = budget;
    this.#interpolate = interpolate;
  }

  /** An expression's value, a `#define`d block rendered. */
  value(expression: Expression, scope: Scope): Value {
    const slot = this.slot(expression, scope);
    if (slot instanceof Block) return slot.render() ?? null;
    return slot instanceof ForeachScope ? this.text(slot) : slot;
  }

  slot(expression: Expression, scope: Scope): Slot {
    this.#budget.step();
    switch (expression.kind) {
      case 'constant':
        return expression.value;
      case 'interpolated':
        return this.#interpolated(expression, scope);
      case 'reference':
        return this.#resolve(expression, expression.path, scope);
      case 'list':
        this.#budget.elements(expression.items.length);
        return new JavaList(this.#values(expression.items, scope));
      case 'map':
        this.#budget.elements(expression.entries.length);
        return this.#map(expression, scope);
      case 'range':
        return this.#range(expression.from, expression.to, scope);
      case 'group':
        return this.slot(expression.inner, scope);
      case 'not':
        return !this.isTrue(expression.operand, scope);
      case 'binary':
        return this.#binary(expression, scope);
    }
  }

  /** What `#if` asks: a reference is true unless null or Boolean false; literals and arithmetic never are. */
  isTrue(expression: Expression, scope: Scope): boolean {
    switch (expression.kind) {
      case 'reference': {
        const slot = this.slot(expression, scope);
        return slot instanceof Block ? slot.render() !== undefined : slot !== null && slot !== false;
      }
      case 'group':
        return this.isTrue(expression.inner, scope);
      case 'constant':
        return expression.value === true;
      case 'binary':
        // Arithmetic is not even carried out here.
        return !ARITHMETIC.has(expression.operator) && this.slot(expression, scope) === true;
      case 'not':
        return this.slot(expression, scope) === true;
      default:
        return false;
    }
  }

  /** What a reference writes into the output where `slot` is its value. */
  print(reference: ReferenceNode, slot: Slot, scope: Scope): string {
    const { escapePrefix, morePrefix } = reference;
    if (reference.escaped) return `${escapePrefix}${slot === null ? '\\' : ''}${this.#asWritten(reference, scope)}`;
    if (slot === null && this.#isSilent(reference, scope)) return '';
    const text = slot === null ? null : this.text(slot);
    return text === null
      ? escapePrefix + escapePrefix + morePrefix + this.#asWritten(reference, scope)
      : escapePrefix + morePrefix + text;
  }

  /** What a reference prints that has no value. */
  #asWritten({ root, nullText }: ReferenceNode, scope: Scope): string {
    return nullText === `$${root}` ? (scope.literal(root ?? '') ?? nullText) : nullText;
  }

  #isSilent({ root, path }: ReferenceNode, scope: Scope): boolean {
    if (path.length > 0) return this.#budget.silentMisses;
    return root !== null && scope.isNull(root);
  }

  /** A slot's text; null for a block too deep within itself. */
  text(slot: Slot): string | null {
    if (slot instanceof Block) return slot.render() ?? null;
    if (slot instanceof ForeachScope) return this.text(new JavaMap(() => slot.storage));
    try {
      const text = typeof slot === 'string' ? slot : toJavaString(slot);
      this.#budget.length(text.length);
      return text;
    } catch (error) {
      throw placed(error, this.#budget.at);
    }
  }

  assign({ target, value }: SetNode, scope: Scope): void {
    const slot = this.slot(value, scope);
    const last = target.path.at(-1);
    if (slot === null) {
      // Velocity's #set never sets null (directive.set.null.allowed = false).
      if (this.#budget.nullIsEmpty && last === undefined) scope.putNull(target.assigned);
      return;
    }
    if (last === undefined) {
      scope.put(target.assigned, slot);
      return;
    }
    const owner = this.#resolve(target, target.path.slice(0, -1), scope);
    if (owner === null || owner instanceof Block) return;
    const assigned = slot instanceof Block || slot instanceof ForeachScope ? this.text(slot) : slot;
    if (owner instanceof ForeachScope) {
      if (last.kind === 'property') owner.storage.set(last.name, assigned);
      return;
    }
    this.#budget.elements(1);
    try {
      if (last.kind === 'index') assignIndex(owner, this.value(last.index, scope), assigned);
      else if (last.kind === 'property') assignProperty(owner, last.name, assigned);
    } catch (error) {
      throw placed(error, last.at);
    }
  }

  #resolve(reference: ReferenceNode, path: readonly PathStep[], scope: Scope): Slot {
    if (reference.root === null) return null;
    let slot = scope.get(reference.root);
    for (const step of path) {
      if (slot === null) return null;
      slot = this.#step(slot, step, scope);
    }
    return slot;
  }

  #step(owner: Exclude<Slot, null>, step: PathStep, scope: Scope): Slot {
    this.#budget.step(step.at);
    const args = step.kind === 'method' && step.args.length > 0 ? this.#values(step.args, scope) : NONE;
    const index = step.kind === 'index' ? this.value(step.index, scope) : null;
    if (owner instanceof ForeachScope) {
      if (step.kind === 'method') return foreachMethod(owner, step.name, args);
      return foreachMember(owner, step.kind === 'property' ? step.name : toJavaString(index));
    }
    if (owner instanceof Block) return step.kind === 'method' && step.name === 'toString' ? this.text(owner) : null;
    try {
      if (step.kind === 'property') return getProperty(owner, step.name);
      if (step.kind === 'index') return getIndex(owner, index);
      return callMethod(owner, step.name, args, this.#budget) ?? null;
    } catch (error) {
      throw placed(error, step.at);
    }
  }

  #values(expressions: readonly Expression[], scope: Scope): Value[] {
    // An array that grows takes several times what it needs.
    const values = new Array<Value>(expressions.length);
    for (let index = 0; index < values.length; index++)
      values[index] = this.value(expressions[index] as Expression, scope);
    return values;
  }

  #interpolated({ template, padded }: Extract<Expression, { kind: 'interpolated' }>, scope: Scope): string {
    const text = this.#interpolate(template, scope);
    return padded ? text.slice(0, -1) : text;
  }

  #map({ entries }: Extract<Expression, { kind: 'map' }>, scope: Scope): Value {
    const map = new JavaMap();
    for (const [key, item] of entries) {
      const [known, value] = [this.value(key, scope), this.value(item, scope)];
      try {
        map.put(known, value);
      } catch (error) {
        throw placed(error, this.#budget.at);
      }
    }
    return map;
  }

  #range(from: Expression, to: Expression, scope: Scope): Value {
    const start = this.value(from, scope);
    const end = this.value(to, scope);
    if (!(start instanceof JavaNumber) || !(end instanceof JavaNumber)) return null;
    const first = intValue(start);
    const last = intValue(end);
    const length = Math.abs(last - first) + 1;
    this.#budget.elements(length);
    const direction = first >= last ? -1 : 1;
    return new JavaList(Array.from({ length }, (_, index) => int(first + index * direction)));
  }

  #binary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope): Slot {
    const { operator, left, right } = expression;
    if (operator === '&&') return this.isTrue(left, scope) && this.isTrue(right, scope);
    if (operator === '||') return this.isTrue(left, scope) || this.isTrue(right, scope);
    const a = this.slot(left, scope);
    const b = this.slot(right, scope);
    if (operator === '==' || operator === '!=') return this.#equal(a, b) === (operator === '==');
    if (operator === '<' || operator === '>' || operator === '<=' || operator === '>=') return compare(operator, a, b);
    if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) {
      const joined =
        (a === null ? left.literal : (this.text(a) ?? '')) + (b === null ? right.literal : (this.text(b) ?? ''));
      this.#budget.length(joined.length);
      return joined;
    }
    if (!(a instanceof JavaNumber) || !(b instanceof JavaNumber)) return null;
    try {
      return arithmetic(operator satisfies MathOperator, a, b);
    } catch (error) {
      throw placed(error, expression.at);
    }
  }

  /** Numbers by value; equals within one class; otherwise by text. */
  #equal(left: Slot, right: Slot): boolean {
    if (left === null || right === null) {
      return left === right || (this.#budget.nullIsEmpty && (left ?? '') === '' && (right ?? '') === '');
    }
    if (left instanceof JavaNumber && right instanceof JavaNumber) return compareNumbers(left, right) === 0;
    if (
      left instanceof Block ||
      left instanceof ForeachScope ||
      right instanceof Block ||
      right instanceof ForeachScope
    ) {
      return left === right || this.text(left) === this.text(right);
    }
    if (sameClass(left, right)) return javaEquals(left, right);
    return this.text(left) === this.text(right);
  }
}

/** What a value's method throws, as a VelocityError that says where; anything else as it is. */
function placed(error: unknown, at: Position): unknown {
  const known = error instanceof JavaException || error instanceof UnsupportedArithmetic || error instanceof RangeError;
  return known ? new VelocityError(error.message, at) : error;
}

const NONE: readonly Value[] = [];
const ARITHMETIC: ReadonlySet<string> = new Set('+-*/%');

function sameClass(left: Value, right: Value): boolean {
  if (left instanceof JavaList && right instanceof JavaList) return left.kind === right.kind;
  return typeof left === typeof right && left?.constructor === right?.constructor;
}

function compare(operator: BinaryOperator, left: Slot, right: Slot): boolean {
  if (!(left instanceof JavaNumber) || !(right instanceof JavaNumber)) return false;
  const order = compareNumbers(left, right);
  switch (operator) {
    case '<':
      return order < 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    default:
      return order >= 0;
  }
}
