/**
 * The closed set of values a template can hold. Nothing of JavaScript shows through: a template sees a value's kind,
 * and of a host object the members its table lists.
 */
export type Value = null | boolean | string | JavaNumber | JavaChar | JavaList | JavaMap | HostObject;

/** `java.lang.Integer`, `Long` and `Double`, and `java.math.BigInteger`. */
export type NumberType = 'int' | 'long' | 'big' | 'double';

export const INT_MIN = -(2 ** 31);
export const INT_MAX = 2 ** 31 - 1;
export const LONG_MIN = -(2n ** 63n);
export const LONG_MAX = 2n ** 63n - 1n;

export class JavaNumber {
  readonly type: NumberType;
  /** A `bigint` for `long` and `big`, a `number` for `int` and `double`. */
  readonly value: number | bigint;

  constructor(type: NumberType, value: number | bigint) {
    this.type = type;
    this.value = value;
  }
}

/** `java.lang.Character`: one UTF-16 code unit. */
export class JavaChar {
  readonly unit: string;

  constructor(unit: string) {
    this.unit = unit;
  }
}

/** What a value prints, where that differs from Java's collections (API Gateway's JSON lists print JSON). */
export type ListPrinter = (list: JavaList) => string;
export type MapPrinter = (map: JavaMap) => string;

/**
 * Which methods a list has: `ArrayList` all of them; `array` (what `split` gives) those of a fixed-size list;
 * `set` and `collection` (`keySet()`, `values()`) none that take an index.
 */
export type ListKind = 'ArrayList' | 'array' | 'set' | 'collection';

export class JavaList {
  readonly #items: Value[];
  readonly kind: ListKind;
  readonly printer: ListPrinter | undefined;
  /** Counts adding and removing, so that `#foreach` notices a list changed under it as Java's iterators do. */
  #modifications = 0;

  constructor(items: Value[] = [], kind: ListKind = 'ArrayList', printer?: ListPrinter) {
    this.#items = items;
    this.kind = kind;
    this.printer = printer;
  }

  get items(): Value[] {
    return this.#items;
  }

  get size(): number {
    return this.#items.length;
  }

  get modifications(): number {
    return this.#modifications;
  }

  modified(): void {
    this.#modifications++;
  }
}

/** What `keySet()`, `values()` and `entrySet()` give: it shows the map as it is, and takes out of it. */
export class MapView extends JavaList {
  readonly #map: JavaMap;
  readonly #show: (key: Value, value: Value) => Value;

  constructor(map: JavaMap, kind: 'set' | 'collection', show: (key: Value, value: Value) => Value) {
    super([], kind);
    this.#map = map;
    this.#show = show;
  }

  override get items(): Value[] {
    return Array.from(this.#map.entries(), ([key, value]) => this.#show(key, value));
  }

  override get size(): number {
    return this.#map.size;
  }

  override get modifications(): number {
    return this.#map.modifications;
  }

  /** Takes out what is not `wanted`; answers whether anything was. */
  keep(wanted: (item: Value) => boolean, once = false): boolean {
    let changed = false;
    for (const [key, value] of [...this.#map.entries()]) {
      if (wanted(this.#show(key, value))) continue;
      this.#map.remove(key);
      changed = true;
      if (once) break;
    }
    return changed;
  }
}

/** A `LinkedHashMap`: keys are any values, compared as Java's `equals` does, in the order they were first put. */
export class JavaMap {
  readonly printer: MapPrinter | undefined;
  /** What reading a key gives that is absent or null: null in Java; a gateway's map may answer an empty string. */
  readonly missing: Value;
  #modifications = 0;
  /** What it is made of; read when it is first looked into, which most maps of a request never are. */
  #source: (() => Iterable<readonly [Value, Value]>) | undefined;
  #values: Map<string, Value> | undefined;
  /** The keys that are not their own id. */
  #otherKeys: Map<string, Value> | undefined;

  constructor(source?: () => Iterable<readonly [Value, Value]>, printer?: MapPrinter, missing: Value = null) {
    this.#source = source;
    this.printer = printer;
    this.missing = missing;
  }

  /** Counts what changed which keys there are. */
  get modifications(): number {
    return this.#modifications;
  }

  get size(): number {
    return this.#own().size;
  }

  get(key: Value): Value {
    return this.#own().get(idOf(key)) ?? this.missing;
  }

  has(key: Value): boolean {
    return this.#own().has(idOf(key));
  }

  /** Answers the value that stood there before. */
  put(key: Value, value: Value): Value {
    const before = this.#set(this.#own(), key, value);
    if (before === undefined) this.#modifications++;
    return before ?? null;
  }

  remove(key: Value): Value {
    const values = this.#own();
    const id = idOf(key);
    const before = values.get(id);
    if (before === undefined) return null;
    values.delete(id);
    this.#otherKeys?.delete(id);
    this.#modifications++;
    return before;
  }

  clear(): void {
    this.#own().clear();
    this.#otherKeys = undefined;
    this.#modifications++;
  }

  *entries(): IterableIterator<[Value, Value]> {
    for (const [id, value] of this.#own()) yield [this.#keyOf(id), value];
  }

  values(): Value[] {
    return [...this.#own().values()];
  }

  #own(): Map<string, Value> {
    if (this.#values !== undefined) return this.#values;
    const values = new Map<string, Value>();
    this.#values = values;
    if (this.#source !== undefined) for (const [key, value] of this.#source()) this.#set(values, key, value);
    this.#source = undefined;
    return values;
  }

  #set(values: Map<string, Value>, key: Value, value: Value): Value | undefined {
    const id = idOf(key);
    const before = values.get(id);
    values.set(id, value);
    if (id !== key && before === undefined) {
      this.#otherKeys ??= new Map();
      this.#otherKeys.set(id, key);
    }
    return before;
  }

  #keyOf(id: string): Value {
    const other = this.#otherKeys?.get(id);
    return other === undefined ? id : other;
  }
}

/** A text stands for itself, anything else for what no text is. */
function idOf(key: Value): string {
  return typeof key === 'string' && key[0] !== '\0' ? key : `\0${keyOf(key)}`;
}

const MAX_KEY_DEPTH = 16;
/** Values a key may hold: lists within lists, many times each, would outgrow any memory. */
const MAX_KEY_VALUES = 10_000;

/** Two keys are one if Java's `equals` says so: `1` and `1L` are two, equal lists are one. */
function keyOf(key: Value, depth = 0, room = { values: MAX_KEY_VALUES }): string {
  if (--room.values < 0) throw new RangeError('a map key holds too many values');
  if (key === null) return 'n';
  if (typeof key === 'string') return `s${key.length}:${key}`;
  if (typeof key === 'boolean') return key ? 't' : 'f';
  if (key instanceof JavaNumber) return `${key.type}${Object.is(key.value, -0) ? '-0' : key.value};`;
  if (key instanceof JavaChar) return `c${key.unit}`;
  if (depth > MAX_KEY_DEPTH) throw new RangeError('a map key is nested too deeply');
  if (key instanceof JavaList) return `[${key.items.map((item) => keyOf(item, depth + 1, room)).join()}]`;
  if (key instanceof JavaMap) {
    const parts = Array.from(key.entries(), ([k, v]) => `${keyOf(k, depth + 1, room)}=${keyOf(v, depth + 1, room)}`);
    return `{${parts.sort().join()}}`;
  }
  return `h${identityOf(key)}`;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function identityOf(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  lastIdentity++;
  identities.set(object, lastIdentity);
  return lastIdentity;
}

/** Answers `undefined` where no overload takes these arguments: Velocity then finds no such method. */
export type HostMethod = (args: readonly Value[]) => Value | undefined;

export interface HostObjectDefinition {
  /** Its Java class, for messages. */
  readonly className?: string;
  readonly methods?: Readonly<Record<string, HostMethod>>;
  /** A function is called at each reading. */
  readonly properties?: Readonly<Record<string, Value | (() => Value)>>;
  /** `#set($object.name = value)`; absent or answering false: nothing is set. */
  readonly set?: (name: string, value: Value) => boolean;
  readonly toString?: () => string;
}

/** An object of the host (`$input`, `$util`): a template reaches what its two tables list and nothing else. */
export class HostObject {
  readonly className: string;
  readonly print: () => string;
  readonly #methods: Readonly<Record<string, HostMethod>>;
  readonly #properties: Readonly<Record<string, Value | (() => Value)>>;
  readonly #set: ((name: string, value: Value) => boolean) | undefined;

  constructor(definition: HostObjectDefinition) {
    this.className = definition.className ?? 'java.lang.Object';
    this.#methods = definition.methods ?? {};
    this.#properties = definition.properties ?? {};
    this.#set = definition.set;
    const own = Object.hasOwn(definition, 'toString') ? definition.toString : undefined;
    this.print = own ?? (() => `${this.className}@1`);
  }

  method(name: string): HostMethod | undefined {
    return Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
  }

  property(name: string): Value {
    const property = Object.hasOwn(this.#properties, name) ? this.#properties[name] : undefined;
    return typeof property === 'function' ? property() : (property ?? null);
  }

  assign(name: string, value: Value): boolean {
    return this.#set?.(name, value) ?? false;
  }
}

export function hostObject(definition: HostObjectDefinition): HostObject {
  return new HostObject(definition);
}

export function int(value: number): JavaNumber {
  return new JavaNumber('int', value);
}

export function double(value: number): JavaNumber {
  return new JavaNumber('double', value);
}

/** The smallest of Integer, Long and BigInteger that holds `value`. */
export function integer(value: bigint): JavaNumber {
  if (value >= BigInt(INT_MIN) && value <= BigInt(INT_MAX)) return int(Number(value));
  return new JavaNumber(value >= LONG_MIN && value <= LONG_MAX ? 'long' : 'big', value);
}
