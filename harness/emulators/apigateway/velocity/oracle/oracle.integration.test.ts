import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTEXT, readCorpus } from './corpus.ts';
import { methodCalls, patternUses, templates } from './generate.ts';
import { render } from './ours.ts';
import { type Oracle, type OracleAnswer, startOracle } from './testing.ts';

const SEED = 20_260_101;
/** An array's identity differs from run to run. */
const IDENTITY = /\[Ljava\.lang\.String;@[0-9a-f]+/g;

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

test.each([
  ['templates', templates(), 3_000],
  ['method calls', methodCalls(), 3_000],
  ['patterns', patternUses(), 2_000],
] as const)('generated %s render as in Apache Velocity', async (_what, arbitrary, numRuns) => {
  const generated = fc.sample<string>(arbitrary, { numRuns, seed: SEED });
  const answers = await oracle.ask(
    generated.map((template) => ({ engine: 'velocity-1.7', template, context: CONTEXT })),
  );
  const differing = generated.flatMap((template, index) => {
    const theirs = outcome(answers[index] as OracleAnswer).replace(IDENTITY, '');
    const ours = render(template, CONTEXT).replace(IDENTITY, '');
    return ours === theirs ? [] : [{ template, theirs, ours }];
  });
  expect(differing).toEqual([]);
});

function outcome(answer: OracleAnswer): string {
  return 'output' in answer ? answer.output : 'error';
}
