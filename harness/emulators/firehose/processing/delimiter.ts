import type { Stage } from './stage.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** `AppendDelimiterToRecord`: ends every record with a delimiter. */
export function delimiterStage(delimiter: Buffer): Stage {
  return {
    run: async (items) => ({
      passed: items.map((item) => ({ ...item, data: Buffer.concat([item.data, delimiter]) })),
    }),
  };
}

/** The parameter `Delimiter` as requests give it: a newline is the two characters `\n`. */
export function readDelimiter(given: string | undefined): Buffer {
  const text = given ?? '\\n';
  return Buffer.from(text.replaceAll(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter] as string));
}
