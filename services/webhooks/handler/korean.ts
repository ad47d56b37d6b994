/**
 * Text in the encoding that Korean systems call EUC-KR and Windows code page 949; undefined for bytes that are none of
 * it. Node's own `euc-kr` has the 2,350 syllables of KS X 1001 only, and reads the other 8,822 (똠, 뷁) as something else.
 */
export function decodeKorean(bytes: Uint8Array): string | undefined {
  // Each is one of JavaScript's characters. To join a million texts of one would take a hundred times the room.
  const chars = new Uint16Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] as number;
    const char = lead < 0x80 ? lead : charsOfTwoBytes().get((lead << 8) | (bytes[++at] ?? 0));
    if (char === undefined) return undefined;
    chars[length++] = char;
  }
  return UTF_16.decode(chars.subarray(0, length));
}

const UTF_16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/** What KS X 1001 has had since 1998, and Node has not. */
const LATER: ReadonlyMap<number, string> = new Map([
  [0xa2e6, '€'],
  [0xa2e7, '®'],
]);

const KS_X_1001 = new TextDecoder('euc-kr', { fatal: true });

function standard(lead: number, trail: number): string | undefined {
  const later = LATER.get((lead << 8) | trail);
  if (later !== undefined) return later;
  try {
    return KS_X_1001.decode(Uint8Array.of(lead, trail));
  } catch {
    return undefined;
  }
}

let table: ReadonlyMap<number, number> | undefined;

/**
 * The characters of two bytes, by these. The syllables that KS X 1001 left out, in Unicode's order, take the places
 * beside it: Unified Hangul Code. Source: encoding.spec.whatwg.org, index EUC-KR.
 */
function charsOfTwoBytes(): ReadonlyMap<number, number> {
  if (table !== undefined) return table;
  const chars = new Map<number, number>();
  for (let lead = 0xa1; lead <= 0xfe; lead++) {
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      const char = standard(lead, trail);
      if (char !== undefined) chars.set((lead << 8) | trail, char.charCodeAt(0));
    }
  }
  const known = new Set(chars.values());
  const places = furtherPlaces();
  for (let code = 0xac00; code <= 0xd7a3; code++) {
    if (!known.has(code)) chars.set(places.next().value as number, code);
  }
  table = chars;
  return chars;
}

function* furtherPlaces(): Generator<number> {
  for (let lead = 0x81; lead <= 0xc6; lead++) {
    const last = lead < 0xa1 ? 0xfe : 0xa0;
    for (let trail = 0x41; trail <= last; trail++) {
      if (trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a) || trail >= 0x81) yield (lead << 8) | trail;
    }
  }
}
