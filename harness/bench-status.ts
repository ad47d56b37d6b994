import type { Status } from './control/protocol.ts';
import type { DomainServers } from './domain-servers.ts';
import type { TlsAddress } from './edge/index.ts';
import type { RunningEngine } from './engines/engine.ts';
import { mysqlAddress, type RunningMqtt } from './engines/index.ts';
import { NaetmulError } from './errors.ts';
import type { LogBook } from './log-book.ts';
import type { ServiceProcesses } from './service-processes.ts';
import type { Supervisor } from './supervisor.ts';

/** Where the real servers are, and what each is. */
export function engineStatus(
  supervisor: Supervisor,
  domainServers: DomainServers | undefined,
): Pick<Status, 'mqtt' | 'opensearch' | 'mysql' | 'engines'> {
  const mqtt = supervisor.get('mqtt') as RunningMqtt | undefined;
  const mysql = supervisor.get('mysql');
  return {
    mqtt: mqtt ? { host: mqtt.host, port: mqtt.port, ca: mqtt.caFile } : null,
    opensearch: supervisor.get('opensearch')?.endpoint ?? null,
    mysql: mysql ? mysqlAddress(mysql.endpoint) : null,
    engines: Object.fromEntries(
      [...runningServers(supervisor, domainServers)].map(([name, { source, version, pid, container, lacks }]) => [
        name,
        { source, version, pid: pid ?? null, ...(container && { container }), ...(lacks && { lacks }) },
      ]),
    ),
  };
}

export function customDomainsStatus(address: TlsAddress | undefined): Status['customDomains'] {
  return address ? { host: address.host, port: address.port, ca: address.caFile } : null;
}

/** All real servers, by the names that users know them by. */
function runningServers(
  supervisor: Supervisor,
  domainServers: DomainServers | undefined,
): ReadonlyMap<string, RunningEngine> {
  const engines = supervisor.list().map((engine) => [engine.name, engine] as const);
  return new Map([...engines, ...(domainServers?.running() ?? [])]);
}

export interface LogSources {
  readonly supervisor: Supervisor;
  readonly domainServers: DomainServers | undefined;
  readonly processes: ServiceProcesses;
  readonly logBook: LogBook;
}

/** The newest log lines of one component, or of all: servers, processes of services, parts of the harness. */
export async function newestLogs(
  { supervisor, domainServers, processes, logBook }: LogSources,
  component: string | undefined,
  lines: number,
): Promise<Record<string, readonly string[]>> {
  const servers = runningServers(supervisor, domainServers);
  const written = processes.logs(lines);
  const names: readonly string[] = [...servers.keys(), ...Object.keys(written), ...logBook.components()];
  if (component !== undefined && !names.includes(component)) {
    throw new NaetmulError('NO_SUCH_COMPONENT', `Nothing here is named "${component}".`, {
      remedy: `There are: ${names.join(', ')}.`,
    });
  }
  const wanted = component === undefined ? names : [component];
  const entries = wanted.map(async (name) => {
    const engine = servers.get(name);
    return [name, engine ? await engine.logs(lines) : (written[name] ?? logBook.newest(name, lines))] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
