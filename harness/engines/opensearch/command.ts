import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { giveTo, type Owner } from '../privileges.ts';
import type { Java } from './java.ts';

/** Enough for the indexes of a test; about 300 MB resident after boot. */
const HEAP = '512m';

/** Log lines go to stdout, and so into naetmul's own log; the shipped settings write seven files. */
const LOG4J = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`;

/** Only a development server is booted here; see the page on Node settings of the OpenSearch documentation. */
const SETTINGS = `cluster.name: naetmul
node.name: naetmul
discovery.type: single-node
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: true
`;

export interface OpenSearchFiles {
  /** The folder with `lib` and `modules`, readable by the server's user. */
  readonly home: string;
  /** The run's folder: settings, data, logs and temporary files are made in it. */
  readonly dataDir: string;
}

/** Makes the folders that a server needs, owned by the user it runs as. */
export function layOut({ dataDir }: OpenSearchFiles, owner: Owner | undefined): void {
  for (const folder of ['config', 'data', 'logs', 'tmp']) mkdirSync(join(dataDir, folder), { recursive: true });
  writeFileSync(join(dataDir, 'config', 'opensearch.yml'), SETTINGS);
  writeFileSync(join(dataDir, 'config', 'log4j2.properties'), LOG4J);
  giveTo(owner, ...['config', 'data', 'logs', 'tmp'].map((folder) => join(dataDir, folder)));
}

/** The class path in a fixed order: a class archive is only good for the very same string. */
export function classPath(home: string): string {
  return readdirSync(join(home, 'lib'))
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(home, 'lib', name))
    .join(':');
}

/**
 * The arguments that Java is started with. OpenSearch's own start script runs Java three times before the server, to
 * work out flags that are known here.
 */
export function javaArguments(
  java: Java,
  files: OpenSearchFiles,
  ports: { readonly http: number; readonly transport: number },
  archive: readonly string[],
): readonly string[] {
  const { home, dataDir } = files;
  return [
    `-Xms${HEAP}`,
    `-Xmx${HEAP}`,
    // Measured on 2 cores: C1 alone takes 4.7 s and 6.4 s of CPU to boot, both compilers 5.8 s and 11.9 s.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-XX:-UsePerfData',
    '-Xshare:auto',
    ...archive,
    '-Xss1m',
    // From here on as in org.opensearch.tools.launchers.SystemJvmOptions and the shipped jvm.options.
    '-Djava.awt.headless=true',
    '-Dfile.encoding=UTF-8',
    '-Djna.nosys=true',
    '-XX:-OmitStackTraceInFastThrow',
    '-XX:+ShowCodeDetailsInExceptionMessages',
    '-XX:+ExitOnOutOfMemoryError',
    '-Dopensearch.networkaddress.cache.ttl=60',
    '-Dopensearch.networkaddress.cache.negative.ttl=10',
    '-Dio.netty.noUnsafe=true',
    '-Dio.netty.noKeySetOptimization=true',
    '-Dio.netty.recycler.maxCapacityPerThread=0',
    '-Dio.netty.allocator.numDirectArenas=0',
    '-Dlog4j.shutdownHookEnabled=false',
    '-Dlog4j2.disable.jmx=true',
    // Compatible locales are gone in Java 23, the security manager is off by default since 18.
    `-Djava.locale.providers=SPI,${java.release >= 23 ? 'CLDR' : 'COMPAT'}`,
    ...(java.release >= 18 ? ['-Djava.security.manager=allow'] : []),
    '-Djava.util.concurrent.ForkJoinPool.common.threadFactory=org.opensearch.secure_sm.SecuredForkJoinWorkerThreadFactory',
    `-Djava.io.tmpdir=${join(dataDir, 'tmp')}`,
    `-XX:ErrorFile=${join(dataDir, 'logs', 'hs_err_pid%p.log')}`,
    `-Dopensearch.path.home=${home}`,
    `-Dopensearch.path.conf=${join(dataDir, 'config')}`,
    '-Dopensearch.distribution.type=tar',
    '-Dopensearch.bundled_jdk=false',
    '-cp',
    classPath(home),
    'org.opensearch.bootstrap.OpenSearch',
    '-Enetwork.host=127.0.0.1',
    `-Ehttp.port=${ports.http}`,
    `-Etransport.port=${ports.transport}`,
    `-Epath.data=${join(dataDir, 'data')}`,
    `-Epath.logs=${join(dataDir, 'logs')}`,
  ];
}
