import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTEXT, readCorpus } from './corpus.ts';
import { templates } from './generate.ts';
import { render } from './ours.ts';
import { type Oracle, type OracleAnswer, startOracle } from './testing.ts';

/** Enough of them to be slow, few enough not to be. */
const GENERATED = 500;

let oracle: Oracle;

beforeAll(async () => {
  oracle = await startOracle();
});

afterAll(async () => {
  await oracle[Symbol.asyncDispose]();
});

test('every recorded answer is what Apache Velocity answers', async () => {
  for (const [theme, cases] of await readCorpus()) {
    const comparable = cases.filter((recorded) => recorded.deviation === undefined);
    const answers = await oracle.ask(
      comparable.map(({ template, context }) => ({
        engine: 'velocity-1.7',
        template,
        context: { ...CONTEXT, ...context },
      })),
    );
    expect(answers.map(outcome), theme).toEqual(comparable.map((recorded) => recorded.output ?? 'error'));
  }
});

test('generated templates render as in Apache Velocity', async () => {
  const generated = fc.sample(templates(), { numRuns: GENERATED, seed: 20_260_101 });
  const answers = await oracle.ask(
    generated.map((template) => ({ engine: 'velocity-1.7', template, context: CONTEXT })),
  );
  const differing = generated.filter((template, index) => {
    const answer = answers[index];
    return answer !== undefined && outcome(answer) !== render(template, CONTEXT);
  });
  expect(differing).toEqual([]);
});

function outcome(answer: OracleAnswer): string {
  return 'output' in answer ? answer.output : 'error';
}
