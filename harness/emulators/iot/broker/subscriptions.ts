interface Node<Subscriber> {
  readonly children: Map<string, Node<Subscriber>>;
  readonly subscribers: Map<Subscriber, 0 | 1>;
}

/**
 * Who has subscribed to which topic filters, with which QoS.
 *
 * As on AWS, and unlike in MQTT's own specification, `sensor/#` does not match `sensor` (AWS IoT developer guide,
 * "MQTT"). A wildcard in the first place matches no topic that begins with `$`.
 */
export class Subscriptions<Subscriber> {
  readonly #root: Node<Subscriber> = emptyNode();

  add(filter: string, subscriber: Subscriber, qos: 0 | 1): void {
    let node = this.#root;
    for (const level of filter.split('/')) {
      const child = node.children.get(level) ?? emptyNode();
      node.children.set(level, child);
      node = child;
    }
    node.subscribers.set(subscriber, qos);
  }

  remove(filter: string, subscriber: Subscriber): void {
    remove(this.#root, filter.split('/'), 0, subscriber);
  }

  /** Each subscriber once, with the largest QoS of its filters that match. */
  matching(topic: string): ReadonlyMap<Subscriber, 0 | 1> {
    const found = new Map<Subscriber, 0 | 1>();
    collect(this.#root, topic.split('/'), 0, found);
    return found;
  }
}

function emptyNode<Subscriber>(): Node<Subscriber> {
  return { children: new Map(), subscribers: new Map() };
}

function remove<Subscriber>(
  node: Node<Subscriber>,
  levels: readonly string[],
  depth: number,
  subscriber: Subscriber,
): void {
  const level = levels[depth];
  if (level === undefined) {
    node.subscribers.delete(subscriber);
    return;
  }
  const child = node.children.get(level);
  if (!child) return;
  remove(child, levels, depth + 1, subscriber);
  if (child.subscribers.size === 0 && child.children.size === 0) node.children.delete(level);
}

function collect<Subscriber>(
  node: Node<Subscriber>,
  levels: readonly string[],
  depth: number,
  found: Map<Subscriber, 0 | 1>,
): void {
  const level = levels[depth];
  if (level === undefined) {
    take(node, found);
    return;
  }
  const exact = node.children.get(level);
  if (exact) collect(exact, levels, depth + 1, found);
  if (depth === 0 && level.startsWith('$')) return;
  const one = node.children.get('+');
  if (one) collect(one, levels, depth + 1, found);
  const rest = node.children.get('#');
  if (rest) take(rest, found);
}

function take<Subscriber>({ subscribers }: Node<Subscriber>, found: Map<Subscriber, 0 | 1>): void {
  for (const [subscriber, qos] of subscribers) {
    if (qos > (found.get(subscriber) ?? -1)) found.set(subscriber, qos);
  }
}
