import { type HostMethod, hostObject, JavaException, toJavaString, type Value } from '../velocity/index.ts';
import { MalformedJson, readJson } from './json-text.ts';
import { toValue } from './template-values.ts';

/** A function of one argument that is taken as text; null is taken as the empty string. */
const ofText =
  (apply: (text: string) => Value): HostMethod =>
  (args) =>
    args.length === 1 ? apply(args[0] === null ? '' : toJavaString(args[0] as Value)) : undefined;

/**
 * `$util`. Developer guide, "API Gateway mapping template reference". `escapeJavaScript` escapes as Apache Commons
 * Lang's `escapeEcmaScript` does, the single quote too, which JSON does not allow.
 */
export const util = hostObject({
  className: 'com.amazonaws.services.apigateway.Util',
  methods: {
    escapeJavaScript: ofText(escapeJavaScript),
    parseJson: ofText(parseJson),
    urlEncode: ofText(urlEncode),
    urlDecode: ofText(urlDecode),
    base64Encode: ofText((text) => Buffer.from(text, 'utf8').toString('base64')),
    base64Decode: ofText((text) => Buffer.from(text, 'base64').toString('utf8')),
  },
});

function parseJson(text: string): Value {
  try {
    return toValue(readJson(text));
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error;
    throw new JavaException('java.lang.IllegalArgumentException', error.message);
  }
}

const NAMED: Record<string, string> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped.
const ESCAPED = /["'\\/\u0000-\u001f\u0080-\uffff]/g;

export function escapeJavaScript(text: string): string {
  return text.replace(ESCAPED, (char) => {
    if (char === '"' || char === "'" || char === '\\' || char === '/') return `\\${char}`;
    return NAMED[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** `java.net.URLEncoder`, UTF-8: a space is `+`, only letters, digits and `.-*_` stay. */
function urlEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** `java.net.URLDecoder`, UTF-8: `+` is a space; bytes that are not UTF-8 become U+FFFD; a bad `%` is an error. */
export function urlDecode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeLikeJava(spaced);
  }
}

/** As Java decodes what `decodeURIComponent` refuses. */
function decodeLikeJava(spaced: string): string {
  if (/%(?![\da-fA-F]{2})/.test(spaced))
    throw new JavaException(
      'java.lang.IllegalArgumentException',
      'URLDecoder: Illegal hex characters in escape (%) pattern',
    );
  return spaced.replace(/(?:%[\da-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}
