import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
 * Tells the stories three times: on the terminal, as JUnit XML (`scenarios.xml`) and as one HTML page that needs
 * nothing else (`scenarios.html`). The terminal comes last, so that the output ends with its summary.
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
    writeFileSync(join(this.#folder, 'scenarios.html'), renderPage(told, process.env.NAETMUL_ENGINES ?? ''));
    await this.#junit.onTestRunEnd([...modules], [...errors]);
    super.onTestRunEnd(modules, errors, reason);
  }
}

function toTold(test: TestCase): Told {
  const result = test.result();
  return {
    name: test.fullName,
    state: result.state === 'passed' || result.state === 'failed' ? result.state : 'skipped',
    durationMs: test.diagnostic()?.duration ?? 0,
    errors: (result.errors ?? []).map((error) => [error.message, error.diff].filter((part) => part).join('\n\n')),
    story: test.meta().story,
  };
}
