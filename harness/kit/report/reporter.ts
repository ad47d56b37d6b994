import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { renderPage, type Told } from './page.ts';

/** Where the page goes when the command that runs the scenarios names no other place. */
const DEFAULT_FILE = 'reports/scenarios.html';

/** Writes every scenario's story into one HTML page that needs nothing else. */
export default class StoryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env.NAETMUL_REPORT ?? DEFAULT_FILE;
    const told = modules.flatMap((module) => [...module.children.allTests()].map(toTold));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, renderPage(told, process.env.NAETMUL_ENGINES ?? ''));
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
