import { cutRun, makeRun, type Run } from '../runs.ts';
import { partsOf, type TakenApart } from './parts.ts';
import { type Item, recordOf, type Stage } from './stage.ts';

/**
 * How many records may be in one; a record of more is passed on whole
 * (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html).
 */
const MAX_PARTS = 500;

export type SubRecordType = { readonly kind: 'JSON' } | { readonly kind: 'DELIMITED'; readonly delimiter: Buffer };

/** `RecordDeAggregation`: makes several records of one. What cannot be taken apart is passed on whole. */
export function deaggregationStage(type: SubRecordType): Stage {
  const split = (data: Uint8Array) =>
    type.kind === 'JSON' ? splitJsonObjects(data) : splitDelimited(data, type.delimiter);
  return {
    async run(items) {
      const passed: Item[] = [];
      const takenApart: TakenApart[] = [];
      for (const item of items) {
        const parts = split(item.data) ?? [];
        if (parts.length > MAX_PARTS || parts.length === 0) passed.push(item);
        else if (parts.length === 1) passed.push({ ...item, data: parts[0] as Uint8Array });
        else {
          const apart = takeApart(item, parts);
          takenApart.push(apart);
          apart.run.data.forEach((data, at) => {
            passed.push({ source: apart.run, at, data });
          });
        }
      }
      return { passed, takenApart };
    },
  };
}

function takeApart({ source, at, ...item }: Item, data: readonly Uint8Array[]): TakenApart & { readonly run: Run } {
  const record = cutRun(source, at, at + 1);
  const parts = partsOf(recordOf({ source, at, ...item }).id, data.length);
  const [kinesis] = record.kinesis ?? [];
  const run = makeRun({
    arrival: source.arrival,
    cause: source.cause,
    data,
    ids: parts,
    kinesis: kinesis && data.map(() => kinesis),
  });
  return { record, parts, run };
}

/** The parts between delimiters, without the empty ones. */
export function splitDelimited(data: Uint8Array, delimiter: Buffer): Uint8Array[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const parts: Uint8Array[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const found = bytes.indexOf(delimiter, from);
    const to = found === -1 ? bytes.length : found;
    if (to > from) parts.push(bytes.subarray(from, to));
    from = to + delimiter.length;
  }
  return parts;
}

const [OPEN, CLOSE, QUOTE, BACKSLASH] = Buffer.from('{}"\\') as unknown as [number, number, number, number];
const WHITESPACE = new Set(Buffer.from(' \t\r\n'));

/**
 * The JSON objects that follow each other with nothing but whitespace between them; undefined where there is anything
 * else. An array is not taken apart.
 */
export function splitJsonObjects(data: Uint8Array): Uint8Array[] | undefined {
  const parts: Uint8Array[] = [];
  let from = 0;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < data.length; at++) {
    const byte = data[at] as number;
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === OPEN) {
      if (depth++ === 0) from = at;
    } else if (depth === 0) {
      if (!WHITESPACE.has(byte)) return undefined;
    } else if (byte === QUOTE) {
      inText = true;
    } else if (byte === CLOSE && --depth === 0) {
      parts.push(data.subarray(from, at + 1));
    }
  }
  return depth === 0 ? parts : undefined;
}
