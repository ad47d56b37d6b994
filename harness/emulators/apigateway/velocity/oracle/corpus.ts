import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** One template and what Apache Velocity 1.7 makes of it. */
export interface Case {
  readonly template: string;
  readonly context?: Readonly<Record<string, unknown>>;
  /** What it renders; absent if it fails. */
  readonly output?: string;
  /** The failure's first line, for the reader; ours need only fail as well. */
  readonly error?: string;
  /** What Velocity 2.4.1 renders, or `error`, where that differs. */
  readonly velocity2?: string;
  /** Why ours is not to agree; named in docs/fidelity/velocity.md. */
  readonly deviation?: string;
  /** What ours renders instead; `error` if it fails. */
  readonly ours?: string;
}

export const CORPUS = path.resolve(import.meta.dirname, '../corpus');

export async function readCorpus(): Promise<Map<string, Case[]>> {
  const names = (await readdir(CORPUS)).filter((name) => name.endsWith('.json')).sort();
  const themes = new Map<string, Case[]>();
  for (const name of names) themes.set(name, JSON.parse(await readFile(path.join(CORPUS, name), 'utf8')));
  return themes;
}

/** What the templates find in their context beside what their case adds. */
export const CONTEXT: Readonly<Record<string, unknown>> = {
  name: '냇물',
  empty: '',
  text: 'a,b,,c,,',
  form: 'key=abc&event=install&city=%EC%84%9C%EC%9A%B8&empty=&flag',
  n: 7,
  big: 3_000_000_000,
  pi: 3.25,
  yes: true,
  no: false,
  list: ['a', 'b', 'c'],
  numbers: [3, 1, 2],
  mixed: [1, 'two', null, [3], { four: 4 }],
  map: { a: 1, b: 'x', c: { d: [1, 2] }, 'k-e': 'y' },
  none: {},
  nothing: [],
};
