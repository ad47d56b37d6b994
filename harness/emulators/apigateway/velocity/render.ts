import type {
  Expression,
  ForeachNode,
  IfNode,
  Macro,
  MacroCallNode,
  Node,
  ParsedTemplate,
  ReferenceNode,
  StopNode,
} from './ast.ts';
import { type Budget, Writer } from './budget.ts';
import { Expressions } from './expressions.ts';
import { parseSource } from './parse-template.ts';
import { Block, ForeachScope, MacroScope, NullElementScope, type Scope, type Slot } from './scope.ts';
import { int, JavaList, JavaMap, type Value } from './values.ts';

/** How `#break` and `#stop` leave: a break ends at the nearest loop, macro or block, or at the scope it names. */
class StopSignal {
  readonly target: 'nearest' | 'template' | ForeachScope;

  constructor(target: 'nearest' | 'template' | ForeachScope) {
    this.target = target;
  }
}

/** Carries out a template's nodes. */
export class Renderer {
  readonly #budget: Budget;
  readonly #macros: Map<string, Macro>;
  readonly #expressions: Expressions;

  constructor(budget: Budget, macros: ReadonlyMap<string, Macro>) {
    this.#budget = budget;
    this.#macros = new Map(macros);
    this.#expressions = new Expressions(budget, (template, scope) => this.#interpolate(template, scope));
  }

  /** A whole template; `#stop` and a `#break` outside of everything end it. */
  template(template: ParsedTemplate, scope: Scope): string {
    const writer = new Writer(this.#budget);
    try {
      this.#nodes(template.nodes, scope, writer);
    } catch (signal) {
      if (!(signal instanceof StopSignal)) throw signal;
    }
    return writer.toString();
  }

  #nodes(nodes: readonly Node[], scope: Scope, writer: Writer): void {
    for (const node of nodes) this.#node(node, scope, writer);
  }

  #node(node: Node, scope: Scope, writer: Writer): void {
    if (node.kind === 'text') {
      this.#budget.step();
      writer.write(node.text);
      return;
    }
    this.#budget.step(node.at);
    switch (node.kind) {
      case 'reference':
        this.#reference(node, scope, writer);
        return;
      case 'set':
        this.#expressions.assign(node, scope);
        return;
      case 'if':
        this.#nodes(this.#chosen(node, scope), scope, writer);
        return;
      case 'foreach':
        this.#foreach(node, scope, writer);
        return;
      case 'call':
        this.#call(node, scope, writer);
        return;
      case 'define':
        scope.put(node.name, this.#block(node.body, scope));
        return;
      case 'evaluate':
        this.#evaluate(node.source, scope, writer);
        return;
      case 'stop':
        throw new StopSignal('template');
      case 'break':
        this.#break(node, scope);
        break;
      case 'fail':
        this.#budget.fail(node.message);
    }
  }

  #chosen({ branches, otherwise }: IfNode, scope: Scope): readonly Node[] {
    for (const { condition, body } of branches) if (this.#expressions.isTrue(condition, scope)) return body;
    return otherwise;
  }

  /** A block goes straight to the output, where what it writes before a `#stop` remains. */
  #reference(node: ReferenceNode, scope: Scope, writer: Writer): void {
    const slot = this.#expressions.slot(node, scope);
    if (!(slot instanceof Block) || node.escaped) {
      writer.write(this.#expressions.print(node, slot, scope));
    } else if (!slot.renderTo(writer, scope)) {
      writer.write(this.#expressions.print(node, null, scope));
    }
  }

  #break(node: StopNode, scope: Scope): never {
    if (node.scope === undefined) throw new StopSignal('nearest');
    const target = this.#expressions.slot(node.scope, scope);
    if (target instanceof ForeachScope) throw new StopSignal(target);
    const literal = node.scope.literal;
    return this.#budget.fail(`${literal} is not a valid org.apache.velocity.runtime.directive.Scope instance`);
  }

  #foreach(node: ForeachNode, scope: Scope, writer: Writer): void {
    const list = this.#expressions.value(node.list, scope);
    const elements = iterate(list);
    if (elements === undefined) return;
    const count = scope.get('velocityCount');
    const hasNext = scope.get('velocityHasNext');
    const element = scope.get(node.variable);
    const loop = new ForeachScope(scope.get('foreach'));
    scope.put('foreach', loop);
    try {
      this.#iterate(node, list, elements, loop, scope, writer);
    } catch (signal) {
      if (!(signal instanceof StopSignal) || !(signal.target === 'nearest' || signal.target === loop)) throw signal;
    } finally {
      restore(scope, node.variable, element);
      restore(scope, 'velocityHasNext', hasNext);
      restore(scope, 'velocityCount', count);
      if (scope.get('foreach') instanceof ForeachScope) restore(scope, 'foreach', loop.parent ?? loop.replaced);
    }
  }

  #iterate(node: ForeachNode, list: Value, elements: Value[], loop: ForeachScope, scope: Scope, writer: Writer): void {
    const modifications = modificationsOf(list);
    let nulls: NullElementScope | undefined;
    const last = Math.min(elements.length, this.#budget.maxLoopIterations);
    for (let index = 0; index < last; index++) {
      this.#budget.step(node.at);
      if (modificationsOf(list) !== modifications) {
        if (sizeOf(list) === index) return; // Java's hasNext() looks only at the size
        this.#budget.fail('java.util.ConcurrentModificationException: the list of a #foreach was changed within it');
      }
      const element = elements[index] ?? null;
      loop.index = index;
      loop.hasNext = index + 1 < elements.length;
      scope.put('velocityCount', int(index + 1));
      scope.put('velocityHasNext', loop.hasNext);
      scope.put(node.variable, element);
      if (element === null) nulls ??= new NullElementScope(scope, node.variable);
      this.#nodes(node.body, element === null && nulls !== undefined ? nulls : scope, writer);
    }
  }

  #call(node: MacroCallNode, scope: Scope, writer: Writer): void {
    const macro = this.#macros.get(node.name);
    if (macro === undefined) {
      writer.write(node.literal);
      return;
    }
    const inner = new MacroScope(scope, (expression, caller) => this.#expressions.slot(expression, caller));
    for (const [index, argument] of node.args.entries()) {
      if (argument.kind === 'word') this.#budget.fail(`Invalid arg '${argument.word}' in macro #${node.name}`);
      const parameter = macro.parameters[index];
      if (parameter !== undefined) inner.bind(parameter, argument);
    }
    if (node.body !== undefined) inner.bindBody(this.#block(node.body, scope));
    this.#budget.inMacro(node.name, () => this.#untilBreak(macro.body, inner, writer));
  }

  #untilBreak(nodes: readonly Node[], scope: Scope, writer: Writer): void {
    try {
      this.#nodes(nodes, scope, writer);
    } catch (signal) {
      if (!(signal instanceof StopSignal) || signal.target !== 'nearest') throw signal;
    }
  }

  /** A block within itself more than twice has no value (Velocity's `directive.define.maxdepth`). */
  #block(body: readonly Node[], scope: Scope): Block {
    const renderTo = (writer: Writer, printedIn = scope): boolean => {
      if (block.depth >= MAX_DEFINE_DEPTH) return false;
      block.depth++;
      this.#budget.enterRendering();
      try {
        this.#untilBreak(body, printedIn, writer);
      } finally {
        this.#budget.leaveRendering();
        block.depth--;
      }
      return true;
    };
    const block: Block = new Block(renderTo, () => new Writer(this.#budget));
    return block;
  }

  #evaluate(source: Expression, scope: Scope, writer: Writer): void {
    const slot = this.#expressions.slot(source, scope);
    const text = slot === null ? '' : (this.#expressions.text(slot) ?? '');
    this.#budget.enterRendering();
    try {
      const at = this.#budget.at;
      this.#budget.parsing(text.length);
      const template = parseSource(text, at);
      this.#learn(template.macros);
      this.#nodes(template.nodes, scope, writer);
    } catch (signal) {
      if (!(signal instanceof StopSignal) || signal.target instanceof ForeachScope) throw signal;
    } finally {
      this.#budget.leaveRendering();
    }
  }

  /** Of the macros of one name the first remains. */
  #learn(macros: ReadonlyMap<string, Macro>): void {
    if (macros.size === 0) return;
    for (const [name, macro] of macros) if (!this.#macros.has(name)) this.#macros.set(name, macro);
  }

  /** A string's own template. `#break` and `#stop` in it leave the directive or template around it. */
  #interpolate(template: ParsedTemplate, scope: Scope): string {
    this.#learn(template.macros);
    this.#budget.enterRendering();
    try {
      const writer = new Writer(this.#budget);
      this.#nodes(template.nodes, scope, writer);
      return writer.toString();
    } finally {
      this.#budget.leaveRendering();
    }
  }
}

const MAX_DEFINE_DEPTH = 2;

function restore(scope: Scope, name: string, slot: Slot): void {
  if (slot === null) scope.remove(name);
  else scope.put(name, slot);
}

/** Lists yield their elements, maps their values; nothing else can be looped over. */
function iterate(list: Value): Value[] | undefined {
  if (list instanceof JavaList) return list.items.slice();
  return list instanceof JavaMap ? list.values() : undefined;
}

function modificationsOf(list: Value): number {
  return list instanceof JavaList || list instanceof JavaMap ? list.modifications : 0;
}

function sizeOf(list: Value): number {
  return list instanceof JavaList || list instanceof JavaMap ? list.size : 0;
}
