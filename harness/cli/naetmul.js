#!/usr/bin/env node
// Starts the command line under a Node that strips types: the one that runs this file if it is new enough, else the
// one that the project brings along as a dependency.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const NEEDED_MAJOR = 24;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const brought = here('../../node_modules/node/bin/node');

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
  // Types are stripped and code is compiled once, not at each start.
  enableCompileCache(here('../../node_modules/.cache/compiled'));
  // Loading some hundred modules makes much garbage, for which V8 would reserve room that is never needed again.
  // See `settleMemory` in harness/cli/bench.ts.
  setFlagsFromString('--semi-space-growth-factor=1');
  await import('./main.ts');
} else if (existsSync(brought)) {
  const child = spawn(brought, [here('./naetmul.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; this one waits for the other to clean up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
} else {
  console.error(
    `naetmul needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}. Run \`npm ci\` first: it brings one.`,
  );
  process.exit(4);
}
