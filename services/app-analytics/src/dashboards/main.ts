/** `node src/dashboards/main.ts`: makes the index pattern in OpenSearch Dashboards. */
import { parseArgs } from 'node:util';
import { runCommand, UsageError } from '../command.ts';
import { putIndexPattern } from './index-pattern.ts';

const USAGE = `node src/dashboards/main.ts --url DASHBOARDS_URL

  --pattern TEXT  pinpoint* by default
  --time TEXT     the time field; arrival_timestamp by default

DASHBOARDS_URL is such as http://localhost:5601, or at AWS https://DOMAIN_ENDPOINT/_dashboards.`;

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      pattern: { type: 'string', default: 'pinpoint*' },
      time: { type: 'string', default: 'arrival_timestamp' },
    },
  });
  if (!values.url) throw new UsageError('Give --url: where OpenSearch Dashboards is.');
  await putIndexPattern({ title: values.pattern, timeField: values.time }, { url: values.url, fetch });
  console.log(`The index pattern ${values.pattern} is there, with ${values.time} as its time field.`);
});
