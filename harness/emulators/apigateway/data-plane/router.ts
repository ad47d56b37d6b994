/** One segment of the tree of resources. */
interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  variable: { readonly name: string; readonly node: Node<T> } | undefined;
  greedy: { readonly name: string; readonly node: Node<T> } | undefined;
  readonly methods: Map<string, T>;
}

export interface RouteMatch<T> {
  readonly target: T;
  /** As they stand in the path, still encoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Finds the method for a path. A literal segment is preferred to `{name}`, that to `{name+}`; a resource counts only if
 * it has the method or `ANY`, so that a request falls through to a less exact resource that has it.
 */
export class Router<T> {
  readonly #root: Node<T> = makeNode();

  add(path: string, httpMethod: string, target: T): void {
    let node = this.#root;
    for (const segment of segmentsOf(path)) node = child(node, segment);
    node.methods.set(httpMethod, target);
  }

  /** Slashes at the path's beginning and end are ignored (recorded). */
  match(path: string, httpMethod: string): RouteMatch<T> | undefined {
    const pathParameters: Record<string, string> = {};
    const target = find(this.#root, segmentsOf(path), 0, httpMethod, pathParameters);
    return target === undefined ? undefined : { target, pathParameters };
  }
}

function find<T>(
  node: Node<T>,
  segments: readonly string[],
  at: number,
  httpMethod: string,
  parameters: Record<string, string>,
): T | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.methods.get(httpMethod) ?? node.methods.get('ANY');
  const literal = node.literals.get(segment);
  const exact = literal && find(literal, segments, at + 1, httpMethod, parameters);
  if (exact !== undefined) return exact;
  if (node.variable && segment !== '') {
    const found = find(node.variable.node, segments, at + 1, httpMethod, parameters);
    if (found !== undefined) {
      parameters[node.variable.name] = segment;
      return found;
    }
  }
  if (!node.greedy) return undefined;
  const { methods } = node.greedy.node;
  const found = methods.get(httpMethod) ?? methods.get('ANY');
  if (found !== undefined) parameters[node.greedy.name] = segments.slice(at).join('/');
  return found;
}

function segmentsOf(path: string): string[] {
  const trimmed = path.replace(/^\/+/, '').replace(/\/+$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function makeNode<T>(): Node<T> {
  return { literals: new Map(), variable: undefined, greedy: undefined, methods: new Map() };
}

function child<T>(node: Node<T>, segment: string): Node<T> {
  if (segment.startsWith('{')) {
    const greedy = segment.endsWith('+}');
    const name = segment.slice(1, greedy ? -2 : -1);
    const kind = greedy ? 'greedy' : 'variable';
    node[kind] ??= { name, node: makeNode() };
    return node[kind].node;
  }
  let next = node.literals.get(segment);
  if (!next) {
    next = makeNode();
    node.literals.set(segment, next);
  }
  return next;
}
