/**
 * The bytes of base64 as AWS's services take it: padded, of the first alphabet, without line breaks. Undefined for any
 * other text.
 */
export function readBase64(text: string): Buffer | undefined {
  if (text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  // Node passes over what is no base64, so that there are fewer bytes than there should be.
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === (text.length / 4) * 3 - padding ? bytes : undefined;
}
