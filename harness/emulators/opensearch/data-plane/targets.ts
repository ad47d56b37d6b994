/** What a request to a domain is about, as far as indices are concerned. */
export interface Targets {
  /** `_bulk`, `_doc`, …: the first part of the path that is no index; undefined for an index itself and the root. */
  readonly api: string | undefined;
  /** The path's parts, decoded. */
  readonly segments: readonly string[];
  /** The path's index expressions, decoded: `logs-*`, `_all`, `-logs-1`, `gasdetect`. Empty where it has none. */
  readonly expressions: readonly string[];
  /** Indices that are named outright, in the path or in the body. */
  readonly named: readonly string[];
  /** Those of them that the request brings into being where they do not exist. */
  readonly created: readonly string[];
  /** True where the body names indices. */
  readonly namesInBody: boolean;
  /** The documents of a bulk request, by index, as far as could be read. */
  readonly documents: ReadonlyMap<string, number>;
}

/** Writes that make their index. Source: OpenSearch reference, "Document APIs". */
const WRITES = new Set(['_doc', '_create', '_update', '_bulk']);
/** These make the index that the path names last. */
const COPIES = new Set(['_clone', '_split', '_shrink']);

/**
 * @param path still encoded
 * @param body decoded; only looked at where it can name indices
 */
export function targetsOf(method: string, path: string, body: Buffer): Targets {
  const segments = path.split('/').filter(Boolean).map(decode);
  const [first] = segments;
  const hasIndex = first !== undefined && (first === '_all' || !first.startsWith('_'));
  const expressions = hasIndex ? first.split(',').filter(Boolean) : [];
  const api = segments[hasIndex ? 1 : 0];
  const inPath = expressions.filter((expression) => !isPattern(expression));
  const writes = method === 'PUT' || method === 'POST';
  const inBody = namesInBody(api, segments, body);

  const created: string[] = [];
  if (writes && (WRITES.has(api ?? '') || (api === undefined && method === 'PUT'))) {
    // The index in a bulk request's path is that of the actions that name none.
    created.push(...(api === '_bulk' ? [] : inPath));
  }
  const copy = segments[2];
  if (writes && COPIES.has(api ?? '') && copy !== undefined) created.push(copy);
  if (writes) created.push(...inBody.created);
  if (writes && api === '_bulk' && inBody.unnamed > 0) created.push(...inPath);
  const documents = new Map(inBody.documents);
  const [only] = inPath;
  if (only !== undefined && inBody.unnamed > 0) documents.set(only, (documents.get(only) ?? 0) + inBody.unnamed);
  return {
    api,
    segments,
    expressions,
    named: [...new Set([...inPath, ...inBody.names, ...created])],
    created: [...new Set(created)],
    namesInBody: inBody.names.length > 0,
    documents,
  };
}

export function isPattern(expression: string): boolean {
  return /[*?]/.test(expression) || expression === '_all' || expression.startsWith('-') || expression.startsWith('<');
}

interface InBody {
  readonly names: readonly string[];
  readonly created: readonly string[];
  /** Bulk actions that leave the index to the path. */
  readonly unnamed: number;
  readonly documents: ReadonlyMap<string, number>;
}

const NOTHING: InBody = { names: [], created: [], unnamed: 0, documents: new Map() };

function namesInBody(api: string | undefined, segments: readonly string[], body: Buffer): InBody {
  if (body.length === 0) return NOTHING;
  const last = segments.at(-1);
  if (api === '_bulk') return bulkNames(body);
  if (api === '_msearch') return named(headersOfSearches(body));
  if (api === '_mget') return named(list(parse(body)?.docs).map((one) => one._index));
  if (api === '_aliases') return named(list(parse(body)?.actions).flatMap(aliasAction));
  if (last === '_reindex') {
    const { source, dest } = (parse(body) ?? {}) as { source?: { index?: unknown }; dest?: { index?: unknown } };
    const into = texts(dest?.index);
    return { ...named([source?.index, dest?.index]), created: into };
  }
  return NOTHING;
}

function bulkNames(body: Buffer): InBody {
  const documents = new Map<string, number>();
  const names = new Set<string>();
  const created = new Set<string>();
  let unnamed = 0;
  for (const lines = linesOf(body); ; ) {
    const line = lines.next();
    if (line === undefined) break;
    if (line.length === 0) continue;
    const [[action, meta] = []] = Object.entries(parse(line) ?? {});
    // What cannot be read is the server's to refuse.
    if (action === undefined) break;
    const index = (meta as { _index?: unknown } | null)?._index;
    if (typeof index === 'string') {
      names.add(index);
      if (action !== 'delete') {
        created.add(index);
        documents.set(index, (documents.get(index) ?? 0) + 1);
      }
    } else if (action !== 'delete') {
      unnamed++;
    }
    if (action !== 'delete') lines.skip();
  }
  return { names: [...names], created: [...created], unnamed, documents };
}

function* everySecond(body: Buffer): Generator<Buffer> {
  for (const lines = linesOf(body); ; lines.skip()) {
    const line = lines.next();
    if (line === undefined) return;
    yield line;
  }
}

function headersOfSearches(body: Buffer): unknown[] {
  return [...everySecond(body)].map((header) => parse(header)?.index);
}

function aliasAction(action: Record<string, unknown>): unknown[] {
  return Object.values(action).flatMap((what) => {
    const { index, indices } = (what ?? {}) as { index?: unknown; indices?: unknown };
    return [index, indices];
  });
}

function named(values: readonly unknown[]): InBody {
  const names = values.flatMap(texts).filter((name) => !isPattern(name));
  return { ...NOTHING, names };
}

function texts(value: unknown): string[] {
  return [value].flat().flatMap((one) => (typeof one === 'string' ? one.split(',') : []));
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : [];
}

function parse(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const NEWLINE = 10;

/** Lines without copying them; `skip` leaves one unread. */
function linesOf(body: Buffer) {
  let at = 0;
  const end = () => {
    const newline = body.indexOf(NEWLINE, at);
    return newline < 0 ? body.length : newline;
  };
  return {
    next(): Buffer | undefined {
      if (at >= body.length) return undefined;
      const line = body.subarray(at, end());
      at += line.length + 1;
      return line;
    },
    skip(): void {
      at = end() + 1;
    },
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
