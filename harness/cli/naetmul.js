#!/usr/bin/env node
// Starts the command line under a Node that strips types: the one that runs this file if it is new enough, else the
// one that the project brings along as a dependency.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 24;
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const brought = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
  await import('./main.ts');
} else if (existsSync(brought)) {
  const child = spawn(brought, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to both; this one waits for the other to clean up.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
} else {
  console.error(
    `naetmul needs Node ${NEEDED_MAJOR} or newer; this is ${process.version}. Run \`npm ci\` first: it brings one.`,
  );
  process.exit(4);
}
