/** `node src/reindex/main.ts`: the way out when the index template came too late. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openSearchOf, runCommand } from '../command.ts';
import { reindex, wrongIndices } from './reindex.ts';

const USAGE = `node src/reindex/main.ts --endpoint DOMAIN_ENDPOINT [INDEX …]

Without an index: all of pinpoint* in which arrival_timestamp is no date.

  --pattern TEXT  other indices than pinpoint*

Region and credentials are taken from the environment, as every AWS SDK does.`;

await runCommand(USAGE, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { endpoint: { type: 'string' }, pattern: { type: 'string', default: 'pinpoint*' } },
  });
  await using openSearch = openSearchOf(values.endpoint, process.env);
  const indices = positionals.length > 0 ? positionals : await wrongIndices(openSearch, values.pattern);
  if (indices.length === 0) console.log(`In every index of ${values.pattern}, arrival_timestamp is a date.`);
  for (const index of indices) await reindex(index, { openSearch, sleep, progress: (message) => console.log(message) });
});
