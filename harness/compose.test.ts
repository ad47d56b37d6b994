import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { IMAGES } from './engines/docker/images.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: unknown;
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly networks?: readonly string[];
  readonly network_mode?: string;
}

const { services, networks } = parse(read('docker-compose.yml')) as {
  services: Readonly<Record<string, Service>>;
  networks: Readonly<Record<string, { readonly name?: string }>>;
};
const all = Object.entries(services);
/** What does one thing and ends. */
const isTask = ({ restart }: Service) => restart === 'no';
const settings = new Map([...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
const VARIABLE = /\$\{(\w+):-([^}]*)\}/g;

describe('docker-compose.yml', () => {
  test('names images by their versions, and the same ones as the docker stack', () => {
    for (const [name, { image }] of all) expect([name, image]).toEqual([name, expect.stringMatching(/:\d+\.\d+/)]);
    const { localstack, opensearch, mysql } = services;
    expect([localstack?.image, opensearch?.image, mysql?.image]).toEqual([
      IMAGES.localstack,
      IMAGES.opensearch,
      IMAGES.mysql,
    ]);
    const [, version] = /:(.+)$/.exec(IMAGES.opensearch) ?? [];
    expect(services['opensearch-dashboards']?.image).toBe(`opensearchproject/opensearch-dashboards:${version}`);
    expect(services.nginx?.image).toBe(parse(read('services/collector/compose.yaml')).services.nginx.image);
  });

  test('opens ports on loopback only', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.length).toBeGreaterThanOrEqual(10);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('knows no secret: a password is empty, or comes from a file that is made at the start', () => {
    const secrets = all.flatMap(([name, { environment = {} }]) =>
      Object.entries(environment)
        .filter(([variable]) => /PASSWORD|SECRET|TOKEN|KEY/.test(variable))
        .map(([variable, value]) => [name, variable, value]),
    );
    expect(secrets).toEqual([
      ['passwords', 'MYSQL_ROOT_PASSWORD', expect.stringMatching(/^\$\{MYSQL_ROOT_PASSWORD:-\}$/)],
      ['mysql', 'MYSQL_ROOT_PASSWORD_FILE', '/run/naetmul/mysql'],
    ]);
    expect(settings.get('MYSQL_ROOT_PASSWORD')).toBe('');
    expect(read('.gitignore').split('\n')).toContain('.env');
  });

  test('asks every server whether it is well', () => {
    const servers = all.filter(([, service]) => !isTask(service));
    expect(servers.map(([name]) => name).sort()).toEqual([
      'localstack',
      'mysql',
      'naetmul',
      'nginx',
      'opensearch',
      'opensearch-dashboards',
    ]);
    for (const [name, { healthcheck, build }] of servers) {
      if (build === undefined) expect([name, healthcheck?.test]).toEqual([name, expect.any(Array)]);
    }
    expect(read('Dockerfile')).toMatch(/^HEALTHCHECK /m);
  });

  test('puts all servers into one network with a name, and tasks into none', () => {
    expect(Object.values(networks)).toEqual([{ name: 'naetmul' }]);
    for (const [name, service] of all) {
      const where = isTask(service) ? service.network_mode : service.networks;
      expect([name, where]).toEqual([name, isTask(service) ? 'none' : ['bench']]);
    }
  });

  test('starts the whole bench where no profile is asked for', () => {
    expect(all.filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name)).toEqual([
      'opensearch-dashboards',
      'servers',
    ]);
  });

  test('takes the settings that .env.example shows, with the same values by default', () => {
    const used = new Map(
      [...read('docker-compose.yml').matchAll(VARIABLE)].map(([, name = '', fallback]) => [name, fallback]),
    );
    expect(Object.fromEntries(used)).toEqual(Object.fromEntries(settings));
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');

  test('is built upon the Node that the project is tested with', () => {
    const lock = JSON.parse(read('package-lock.json'));
    const image = `node:${lock.packages['node_modules/node'].version}-slim`;
    expect(/^ARG NODE_IMAGE=(.+)$/m.exec(dockerfile)?.[1]).toBe(image);
    expect(settings.get('NODE_IMAGE')).toBe(image);
  });

  test('runs as nobody of importance, and names its image by the version of naetmul', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER node$/m);
    expect(services.naetmul?.image).toBe(`naetmul:${JSON.parse(read('package.json')).version}`);
  });
});
