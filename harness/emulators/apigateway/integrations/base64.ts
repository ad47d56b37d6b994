const ALPHABET_AND_PADDING = /^[A-Za-z0-9+/]*={0,2}$/;

/** True for base64 as AWS's services take it: padded, of the first alphabet, without line breaks. */
export const isBase64 = (text: string): boolean => text.length % 4 === 0 && ALPHABET_AND_PADDING.test(text);
