/**
 * Text in the encoding that Korean systems call EUC-KR and Windows code page 949; undefined for bytes that are none of
 * it. Node's own `euc-kr` has the 2,350 syllables of KS X 1001 only, and reads the other 8,822 (똠, 뷁) as something else.
 */
export function decodeKorean(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; at++) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    const trail = bytes[++at] ?? 0;
    const char = lead >= 0xa1 && trail >= 0xa1 ? standard(lead, trail) : furtherSyllables().get((lead << 8) | trail);
    if (char === undefined) return undefined;
    text += char;
  }
  return text;
}

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

let further: ReadonlyMap<number, string> | undefined;

/**
 * The syllables that KS X 1001 left out, in Unicode's order, take the places beside it: Unified Hangul Code. Source:
 * encoding.spec.whatwg.org, index EUC-KR.
 */
function furtherSyllables(): ReadonlyMap<number, string> {
  if (further !== undefined) return further;
  const known = new Set<string | undefined>();
  for (let lead = 0xb0; lead <= 0xc8; lead++) {
    for (let trail = 0xa1; trail <= 0xfe; trail++) known.add(standard(lead, trail));
  }
  const places = furtherPlaces();
  const found = new Map<number, string>();
  for (let code = 0xac00; code <= 0xd7a3; code++) {
    const syllable = String.fromCharCode(code);
    if (!known.has(syllable)) found.set(places.next().value as number, syllable);
  }
  further = found;
  return found;
}

function* furtherPlaces(): Generator<number> {
  for (let lead = 0x81; lead <= 0xc6; lead++) {
    const last = lead < 0xa1 ? 0xfe : 0xa0;
    for (let trail = 0x41; trail <= last; trail++) {
      if (trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a) || trail >= 0x81) yield (lead << 8) | trail;
    }
  }
}
