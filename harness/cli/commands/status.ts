import { Command } from 'commander';
import type { Status } from '../../control/protocol.ts';
import { NaetmulError } from '../../errors.ts';
import { controlClient, portOption } from '../options.ts';
import { exitCode, print, printJson } from '../terminal.ts';

export function statusCommand(): Command {
  return new Command('status')
    .description('show whether a bench is running, and where its servers are')
    .addOption(portOption())
    .option('--json', 'as JSON, for programs')
    .action(async (options: { port: number; json?: boolean }) => {
      const client = controlClient(options);
      try {
        const status = await client.status();
        if (options.json) printJson(status);
        else print(describeStatus(status, (await client.clock()).now));
      } catch (error) {
        if (!(error instanceof NaetmulError && error.code === 'NOT_RUNNING' && options.json)) throw error;
        const none: Status = {
          ready: false,
          edge: client.edge,
          mqtt: null,
          customDomains: null,
          opensearch: null,
          mysql: null,
          engines: {},
          kinesis: null,
          pipelines: [],
        };
        printJson(none);
        process.exitCode = exitCode.notRunning;
      }
    });
}

function hasServerPerDomain({ engines }: Status): boolean {
  return Object.keys(engines).some((name) => name.startsWith('opensearch/'));
}

/** For people: one line a thing. */
export function describeStatus(status: Status, now: string): string {
  const rows: [string, string][] = [
    ['AWS endpoint', status.edge],
    [
      'MQTT over TLS',
      status.mqtt ? `mqtts://${status.mqtt.host}:${status.mqtt.port}, CA in ${status.mqtt.ca}` : 'none',
    ],
    [
      'Custom domains',
      status.customDomains
        ? `https://${status.customDomains.host}:${status.customDomains.port}, CA in ${status.customDomains.ca}`
        : 'none',
    ],
    ['OpenSearch', status.opensearch ?? (hasServerPerDomain(status) ? 'one for each domain' : 'none')],
    ['MySQL', status.mysql ? `${status.mysql.user}@${status.mysql.host}:${status.mysql.port}` : 'none'],
    ['Kinesis', status.kinesis === 'localstack' ? 'LocalStack’s' : 'naetmul’s own'],
    ['Pipelines', status.pipelines.join(', ') || 'none'],
    ['Clock', now],
  ];
  const engines = Object.entries(status.engines).map(([name, { version, source, pid, container, lacks = [] }]) => {
    const where = [source, ...(pid === null ? [] : [`pid ${pid}`]), ...(container ? [`container ${container}`] : [])];
    const missing = lacks.map((lack) => `\n  ${''.padEnd(11)} lacks ${lack}`);
    return `  ${name.padEnd(11)} ${version} (${where.join(', ')})${missing.join('')}`;
  });
  return [
    status.ready ? 'naetmul is ready.' : 'naetmul is starting.',
    ...rows.map(([name, value]) => `${name.padEnd(14)} ${value}`),
    'Engines',
    ...engines,
  ].join('\n');
}
