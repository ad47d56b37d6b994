import type { Expression, ReferenceNode } from './ast.ts';
import type { Writer } from './budget.ts';
import type { Value } from './values.ts';

/**
 * A `#define`d block, or the body of a macro's call: rendered each time it is printed, over what is known where it is
 * printed; as a string over what was known where it was made.
 */
export class Block {
  /** Answers false, having written nothing, when the block is too deep within itself. */
  readonly renderTo: (writer: Writer, scope?: Scope) => boolean;
  readonly #writer: () => Writer;
  depth = 0;

  constructor(renderTo: (writer: Writer, scope?: Scope) => boolean, writer: () => Writer) {
    this.renderTo = renderTo;
    this.#writer = writer;
  }

  /** As a string; undefined when the block is too deep within itself. */
  render(): string | undefined {
    const writer = this.#writer();
    return this.renderTo(writer) ? writer.toString() : undefined;
  }
}

/** What a name may stand for while a template runs. */
export type Slot = Value | Block | ForeachScope;

/** `$foreach`: the loop's state, and a map in which the template may keep things for the time of the loop. */
export class ForeachScope {
  readonly parent: ForeachScope | undefined;
  readonly replaced: Slot;
  readonly storage = new Map<string, Value>();
  index = -1;
  hasNext = false;

  constructor(previous: Slot) {
    this.parent = previous instanceof ForeachScope ? previous : undefined;
    this.replaced = previous instanceof ForeachScope ? null : previous;
  }
}

export interface Scope {
  get(name: string): Slot;
  put(name: string, value: Slot): void;
  /** As `put` with null, which `isNull` tells from a name that nobody has set. */
  putNull(name: string): void;
  isNull(name: string): boolean;
  remove(name: string): void;
  /** The argument that a macro's parameter stands for, as written by the caller. */
  literal(name: string): string | undefined;
}

/** The template's own variables, beginning with those that are handed in. */
export class RootScope implements Scope {
  readonly variables = new Map<string, Slot>();
  readonly #nulls = new Set<string>();

  constructor(variables: Readonly<Record<string, Value>>) {
    for (const [name, value] of Object.entries(variables)) this.variables.set(name, value);
  }

  get(name: string): Slot {
    return this.variables.get(name) ?? null;
  }

  put(name: string, value: Slot): void {
    this.variables.set(name, value);
    if (this.#nulls.size > 0) this.#nulls.delete(name);
  }

  putNull(name: string): void {
    this.variables.delete(name);
    this.#nulls.add(name);
  }

  isNull(name: string): boolean {
    return this.#nulls.has(name);
  }

  remove(name: string): void {
    this.variables.delete(name);
    this.#nulls.delete(name);
  }

  literal(): undefined {
    return undefined;
  }
}

/** While the loop's element is null its name is null, whatever stands for it further out. */
export class NullElementScope implements Scope {
  readonly #inner: Scope;
  readonly #name: string;
  #active = true;

  constructor(inner: Scope, name: string) {
    this.#inner = inner;
    this.#name = name;
  }

  get(name: string): Slot {
    return this.#active && name === this.#name ? null : this.#inner.get(name);
  }

  put(name: string, value: Slot): void {
    if (name === this.#name && value === null) this.#active = true;
    this.#inner.put(name, value);
  }

  putNull(name: string): void {
    this.#inner.putNull(name);
  }

  isNull(name: string): boolean {
    return !(this.#active && name === this.#name) && this.#inner.isNull(name);
  }

  remove(name: string): void {
    if (name === this.#name) this.#active = false;
    this.#inner.remove(name);
  }

  literal(name: string): string | undefined {
    return this.#inner.literal(name);
  }
}

/**
 * A macro's call. Arguments are passed by name: each time the parameter is read its argument is evaluated anew in the
 * caller's scope. What the macro sets, it sets for itself and for the caller.
 */
export class MacroScope implements Scope {
  readonly #caller: Scope;
  readonly #local = new Map<string, Slot>();
  readonly #arguments = new Map<string, Expression>();
  readonly #evaluate: (expression: Expression, scope: Scope) => Slot;

  constructor(caller: Scope, evaluate: (expression: Expression, scope: Scope) => Slot) {
    this.#caller = caller;
    this.#evaluate = evaluate;
  }

  bind(parameter: string, argument: Expression): void {
    if (argument.kind === 'constant' && typeof argument.value !== 'string') this.#local.set(parameter, argument.value);
    else this.#arguments.set(parameter, argument);
  }

  bindBody(block: Block): void {
    this.#local.set('bodyContent', block);
  }

  get(name: string): Slot {
    const local = this.#local.get(name) ?? null;
    if (local !== null) return local;
    const argument = this.#arguments.get(name);
    if (argument === undefined) return this.#caller.get(name);
    return isPlain(argument) ? this.#caller.get(argument.root ?? '') : this.#evaluate(argument, this.#caller);
  }

  put(name: string, value: Slot): void {
    this.#local.set(name, value);
    this.#caller.put(name, value);
  }

  putNull(name: string): void {
    this.#local.delete(name);
    this.#caller.putNull(name);
  }

  isNull(name: string): boolean {
    return this.#caller.isNull(name);
  }

  remove(name: string): void {
    this.#local.delete(name);
    this.#arguments.delete(name);
    this.#caller.remove(name);
  }

  literal(name: string): string | undefined {
    return this.#arguments.get(name)?.literal ?? this.#caller.literal(name);
  }
}

function isPlain(argument: Expression): argument is ReferenceNode {
  return argument.kind === 'reference' && argument.path.length === 0;
}
