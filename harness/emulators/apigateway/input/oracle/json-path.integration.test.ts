import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JsonPathEngine, type Oracle, type OracleAnswer, startOracle } from '../../velocity/oracle/testing.ts';
import { evaluatePath, newContext } from '../json-path/evaluate.ts';
import { parsePath } from '../json-path/parse.ts';
import { JsonPathError, PathNotFound } from '../json-path/tokens.ts';
import { MalformedJson, readJson, writeJson } from '../json-text.ts';
import { DOCUMENT, PATHS, TEXTS } from './cases.ts';
import { documents, paths, texts } from './generate.ts';

const GENERATED = 3_000;
const SEED = 20_260_101;

let oracle: Oracle;

beforeAll(async () => {
  oracle = await startOracle();
});

afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
});

type Question = readonly [document: string, path: string];

/** Questions on which both versions of Jayway agree and ours does not, with the answers. */
async function disagreements(questions: readonly Question[]): Promise<{ asked: number; differing: unknown[] }> {
  const ask = async (engine: JsonPathEngine): Promise<string[]> =>
    (await oracle.ask(questions.map(([document, path]) => ({ engine, document, path })))).map(outcome);
  const [old, recent] = [await ask('json-path-2.4.0'), await ask('json-path-2.9.0')];
  const agreed = questions.map((question, index) => ({ question, theirs: old[index] }));
  const asked = agreed.filter(({ theirs }, index) => theirs === recent[index]);
  const answered = asked.map(({ question, theirs }) => ({ question, theirs, ours: ours(question) }));
  return { asked: asked.length, differing: answered.filter((answer) => answer.ours !== answer.theirs) };
}

function outcome(answer: OracleAnswer): string {
  if ('output' in answer) return answer.output;
  return answer.error.includes('PathNotFoundException') ? 'nothing' : 'error';
}

function ours([document, path]: Question): string {
  try {
    const root = readJson(document);
    return writeJson(evaluatePath(parsePath(path), root, newContext(root)));
  } catch (error) {
    if (error instanceof PathNotFound) return 'nothing';
    if (error instanceof JsonPathError || error instanceof MalformedJson) return 'error';
    throw error;
  }
}

test('paths written by hand find what Jayway finds', async () => {
  const { asked, differing } = await disagreements(PATHS.map((path) => [DOCUMENT, path] as const));
  expect(differing).toEqual([]);
  expect(asked).toBeGreaterThan(PATHS.length * 0.9);
});

test('generated paths find what Jayway finds', async () => {
  const questions = fc.sample(fc.tuple(documents(), paths()), { numRuns: GENERATED, seed: SEED });
  const { asked, differing } = await disagreements(questions);
  expect(differing).toEqual([]);
  expect(asked).toBeGreaterThan(GENERATED * 0.9);
});

test('bodies that are no JSON are read as json-smart reads them', async () => {
  const generated = fc.sample(texts(), { numRuns: GENERATED, seed: SEED });
  const { differing } = await disagreements([...TEXTS, ...generated].map((text) => [text, '$'] as const));
  expect(differing).toEqual([]);
});
