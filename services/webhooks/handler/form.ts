import { decodeKorean } from './korean.ts';

/** A field that comes once is a text, one that comes several times the list of its texts, in their order. */
export type FormFields = Readonly<Record<string, string | readonly string[]>>;

/**
 * The fields of an `application/x-www-form-urlencoded` body, as browsers write them (url.spec.whatwg.org). Names stay as
 * they are, `user[name]` too.
 *
 * @param encoding that of the texts, as the content type's `charset` names it. Without one that is known here it is
 *   UTF-8, or EUC-KR if the form is none of UTF-8 and all of it can be read as that: an old Korean system does not say.
 */
export function readForm(body: Uint8Array, encoding?: string): FormFields {
  const pairs = Buffer.from(body)
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '')
    .map(bytesOfPair);
  const decode = decoderFor(pairs.flat(), encoding);
  const fields = new Map<string, string[]>();
  for (const [nameBytes, valueBytes] of pairs) {
    const name = decode(nameBytes);
    const values = fields.get(name);
    if (values === undefined) fields.set(name, [decode(valueBytes)]);
    else values.push(decode(valueBytes));
  }
  return Object.fromEntries(
    [...fields].map(([name, values]) => [name, values.length === 1 ? (values[0] as string) : values]),
  );
}

type Decode = (bytes: Uint8Array) => string;

/** Only the first `=` ends the name. `pair` has a letter for each byte. */
function bytesOfPair(pair: string): [name: Buffer, value: Buffer] {
  const equals = pair.indexOf('=');
  return equals < 0
    ? [percentDecode(pair), Buffer.alloc(0)]
    : [percentDecode(pair.slice(0, equals)), percentDecode(pair.slice(equals + 1))];
}

/** A `%` without two digits behind it stands for itself. */
function percentDecode(text: string): Buffer {
  const decoded = text
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, 'latin1');
}

/** What EUC-KR is called: by the encoding standard, by Java, by Python. */
const KOREAN = /^(?:euc-?kr|korean|ks_?c_?5601(?:-19(?:87|89))?|(?:x-)?windows-949|(?:cp|ms)?949|uhc)$/i;

/** A byte order mark is nothing that a field begins with, but nothing to be lost either: as browsers do. */
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });
const STRICT_UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

function decoderFor(pieces: readonly Uint8Array[], encoding = ''): Decode {
  const korean: Decode = (bytes) => decodeKorean(bytes) ?? UTF_8.decode(bytes);
  if (KOREAN.test(encoding)) return korean;
  const named = textDecoder(encoding);
  if (named !== undefined && named.encoding !== 'utf-8') return (bytes) => named.decode(bytes);
  const isUtf8 = pieces.every((bytes) => succeeds(() => STRICT_UTF_8.decode(bytes)));
  if (!isUtf8 && pieces.every((bytes) => decodeKorean(bytes) !== undefined)) return korean;
  return (bytes) => UTF_8.decode(bytes);
}

function textDecoder(encoding: string): typeof UTF_8 | undefined {
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined;
  }
}

function succeeds(decode: () => string): boolean {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
}
