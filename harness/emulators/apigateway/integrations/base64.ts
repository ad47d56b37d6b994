const GROUPS = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** The regular expression needs a stack for each group of four, so long text goes through it in pieces. */
const PIECE = 4096;

/** True for base64 as AWS's services take it: padded, of the first alphabet, without line breaks. */
export function isBase64(text: string): boolean {
  for (let at = 0; at + PIECE < text.length; at += PIECE) {
    const piece = text.slice(at, at + PIECE);
    if (piece.includes('=') || !GROUPS.test(piece)) return false;
  }
  const rest = text.length - (text.length % PIECE || Math.min(PIECE, text.length));
  return GROUPS.test(text.slice(rest));
}
