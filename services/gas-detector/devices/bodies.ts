import { readFileSync } from 'node:fs';

/**
 * The bodies in a file: its whole text if that is one JSON value, else each line that is not empty, byte for byte, so
 * that broken ones can be posted too. Throws for a file that cannot be read or has none.
 */
export function bodiesIn(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  try {
    JSON.parse(text);
    return [text.trim()];
  } catch {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    if (lines.length === 0) throw new Error(`${file} has nothing to post`);
    return lines;
  }
}
