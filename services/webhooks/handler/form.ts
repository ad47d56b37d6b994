import { isUtf8 } from 'node:buffer';
import { decodeKorean } from './korean.ts';
import { MAX_EVENT_BYTES, tooLarge } from './refusal.ts';

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
  // A letter for each byte.
  const form = Buffer.from(body).toString('latin1');
  const decode = decoderFor(form, encoding);
  const fields = new Map<string, string | string[]>();
  let leastBytes = 0;
  for (const pair of pairsOf(form)) {
    // Only the first `=` ends the name.
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    const known = fields.get(name);
    // In JSON a text has its quotation marks, and a comma or a colon. A short form of many fields is a long object: it is
    // refused before it fills the function's memory.
    leastBytes += value.length + 3 + (known === undefined ? name.length + 3 : 0);
    if (leastBytes > MAX_EVENT_BYTES) throw tooLarge();
    if (known === undefined) fields.set(name, value);
    else if (typeof known === 'string') fields.set(name, [known, value]);
    else known.push(value);
  }
  return Object.fromEntries(fields);
}

function* pairsOf(form: string): Generator<string> {
  for (let start = 0; start < form.length; ) {
    const next = form.indexOf('&', start);
    const end = next < 0 ? form.length : next;
    if (end > start) yield form.slice(start, end);
    start = end + 1;
  }
}

/** The text that a name or a value stands for. */
type Decode = (piece: string) => string;

const [PLUS, BLANK, PERCENT] = Buffer.from('+ %') as unknown as readonly [number, number, number];
const TWO_DIGITS = /^[0-9A-Fa-f]{2}$/;

/** `+` is a blank. A `%` without two digits behind it stands for itself. */
function percentDecode(piece: string): Buffer {
  const bytes = Buffer.from(piece, 'latin1');
  let length = 0;
  for (let at = 0; at < piece.length; at++) {
    let byte = bytes[at] as number;
    if (byte === PLUS) byte = BLANK;
    else if (byte === PERCENT && TWO_DIGITS.test(piece.slice(at + 1, at + 3))) {
      byte = Number.parseInt(piece.slice(at + 1, at + 3), 16);
      at += 2;
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

/** What EUC-KR is called: by the encoding standard, by Java, by Python. */
const KOREAN = /^(?:euc-?kr|korean|ks_?c_?5601(?:-19(?:87|89))?|(?:x-)?windows-949|(?:cp|ms)?949|uhc)$/i;

/** A byte order mark is nothing that a field begins with, but nothing to be lost either: as browsers do. */
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

const utf8 = unlessPlain((bytes) => UTF_8.decode(bytes));
const korean = unlessPlain((bytes) => decodeKorean(bytes) ?? UTF_8.decode(bytes));

/** Most pieces are ASCII with nothing to decode. */
function unlessPlain(decode: (bytes: Uint8Array) => string): Decode {
  return (piece) => (/[%+\x80-\xff]/.test(piece) ? decode(percentDecode(piece)) : piece);
}

function decoderFor(form: string, encoding = ''): Decode {
  if (KOREAN.test(encoding)) return korean;
  const named = textDecoder(encoding);
  if (named !== undefined && named.encoding !== 'utf-8') return (piece) => named.decode(percentDecode(piece));
  // In both encodings no character goes on behind & or =: all pieces are of one if the whole is.
  const bytes = percentDecode(form);
  return isUtf8(bytes) || decodeKorean(bytes) === undefined ? utf8 : korean;
}

function textDecoder(encoding: string): typeof UTF_8 | undefined {
  try {
    return new TextDecoder(encoding);
  } catch {
    return undefined;
  }
}
