import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import {
  JUnitReporter,
  type SerializedError,
  type TestCase,
  type TestModule,
  type TestRunEndReason,
  VerboseReporter,
  type Vitest,
} from 'vitest/node';
import { renderPage, type Told } from './page.ts';

/** Where the reports go when the command that runs the scenarios names no other place. */
const DEFAULT_FOLDER = 'reports';

/**
 * Tells the stories four times: on the terminal, as JUnit XML (`scenarios.xml`), as JSON (`scenarios.json`) and as one
 * HTML page that needs nothing else (`scenarios.html`). The terminal comes last, so that the output ends with its summary.
 */
export default class StoryReporter extends VerboseReporter {
  readonly #folder = process.env.NAETMUL_REPORTS ?? DEFAULT_FOLDER;
  readonly #junit = new JUnitReporter({ outputFile: join(this.#folder, 'scenarios.xml') });

  override onInit(vitest: Vitest): void {
    super.onInit(vitest);
    this.#junit.onInit(vitest);
  }

  override async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    const told = modules.flatMap((module) => [...module.children.allTests()].map(toTold));
    const engines = process.env.NAETMUL_ENGINES ?? '';
    writeFileSync(join(this.#folder, 'scenarios.html'), renderPage(told, engines));
    writeFileSync(join(this.#folder, 'scenarios.json'), `${JSON.stringify({ engines, scenarios: told.map(plain) })}\n`);
    await this.#junit.onTestRunEnd([...modules], [...errors]);
    super.onTestRunEnd(modules, errors, reason);
  }
}

/** For programs, which are not told the story: how it went, without terminal colours. */
function plain({ story: _story, errors, ...told }: Told): Omit<Told, 'story'> {
  return { ...told, errors: errors.map((error) => stripVTControlCharacters(error)) };
}

function toTold(test: TestCase): Told {
  const result = test.result();
  return {
    file: test.module.relativeModuleId,
    name: test.fullName,
    state: result.state === 'passed' || result.state === 'failed' ? result.state : 'skipped',
    durationMs: test.diagnostic()?.duration ?? 0,
    ...(result.state === 'skipped' && result.note !== undefined ? { notPossible: result.note } : {}),
    errors: (result.errors ?? []).map((error) => [error.message, error.diff].filter((part) => part).join('\n\n')),
    story: test.meta().story,
  };
}
