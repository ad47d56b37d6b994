import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Case, CONTEXT, CORPUS, readCorpus } from './corpus.ts';
import { type OracleAnswer, startOracle } from './testing.ts';

/**
 * Asks Apache Velocity for every template of the corpus and writes its answers into the corpus's files.
 * `node harness/emulators/apigateway/velocity/oracle/record.ts`, then `npm run format`.
 */
await using oracle = await startOracle();
for (const [theme, cases] of await readCorpus()) {
  const recorded: Case[] = [];
  for (const known of cases) {
    const request = { template: known.template, context: { ...CONTEXT, ...known.context } };
    const [one, two] = await oracle.ask([
      { engine: 'velocity-1.7', ...request },
      { engine: 'velocity-2.4.1', ...request },
    ]);
    if (one === undefined || two === undefined) throw new Error('the oracle did not answer');
    const { template, context, deviation, ours } = known;
    const same = outcome(one) === outcome(two);
    const kept = { ...(context && { context }), ...(deviation && { deviation }), ...(ours !== undefined && { ours }) };
    // What deviates is not compared, and an array's identity would change with each recording.
    const answer = deviation !== undefined && known.output !== undefined ? { output: known.output } : firstLine(one);
    recorded.push({ template, ...kept, ...answer, ...(!same && { velocity2: outcome(two) }) });
  }
  await writeFile(path.join(CORPUS, theme), `${JSON.stringify(recorded, null, 2)}\n`);
}

function outcome(answer: OracleAnswer): string {
  return 'output' in answer ? answer.output : 'error';
}

function firstLine(answer: OracleAnswer): OracleAnswer {
  return 'output' in answer ? answer : { error: answer.error.split('\n')[0] ?? '' };
}
