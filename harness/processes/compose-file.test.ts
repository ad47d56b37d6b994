// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose writes variables as JavaScript's templates do.
import { globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProcesses } from './compose-file.ts';
import { type Values, writtenEnvironment } from './environment.ts';
import type { ProcessPlan } from './plan.ts';

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'naetmul-test-')), 'shop');
  mkdirSync(join(folder, 'nginx'), { recursive: true });
  writeFileSync(join(folder, 'nginx', 'default.conf.template'), 'server { listen 8080; }');
  writeFileSync(join(folder, 'nginx', 'README.md'), 'not a template');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const API = `
  api:
    build: .
    command: [node, server.ts]
`;
const NGINX = `
  nginx:
    image: nginx:1.29-alpine
    depends_on: [api]
    volumes: ['./nginx:/etc/nginx/templates:ro']
    ports: ['8080:8080']
`;

async function load(text: string): Promise<ProcessPlan> {
  writeFileSync(join(folder, 'compose.yaml'), text);
  const plan = await loadProcesses(folder);
  return plan ?? expect.unreachable('the file is there');
}

async function refusal(text: string): Promise<{ code: string; message: string; remedy: string | undefined }> {
  const { code, message, remedy } = await load(text).then(
    () => expect.unreachable('it is refused'),
    (error: { code: string; message: string; remedy: string | undefined }) => error,
  );
  return { code, message: message.replace(folder, '…'), remedy };
}

function environmentOf(plan: ProcessPlan, values: Values): Values {
  return writtenEnvironment(plan.processes[0]?.environment ?? [], values, () => undefined);
}

test('a folder without a compose.yaml has no processes', async () => {
  await expect(loadProcesses(folder)).resolves.toBeUndefined();
});

test('the compose files of the pipelines are understood', async () => {
  const services = join(import.meta.dirname, '../../services');
  const files = globSync('*/compose.yaml', { cwd: services });
  expect(files).toContain('collector/compose.yaml');
  for (const file of files) expect((await loadProcesses(join(services, dirname(file))))?.name).toBe(dirname(file));
});

test('an API server behind nginx', async () => {
  const plan = await load(`services:${API}${NGINX}`);
  expect(plan).toMatchObject({
    file: join(folder, 'compose.yaml'),
    folder,
    name: 'shop',
    processes: [{ name: 'api', restart: 'no' }],
    face: {
      port: { published: 8080, target: 8080 },
      process: 'api',
      nginx: {
        name: 'nginx',
        templates: [{ source: join(folder, 'nginx', 'default.conf.template'), name: 'default.conf' }],
      },
    },
  });
});

test('an API server that publishes its port itself', async () => {
  const plan = await load(`services:${API}    ports: ['127.0.0.1:8080:3000/tcp']\n    restart: unless-stopped`);
  expect(plan.face).toEqual({ port: { published: 8080, target: 3000 }, process: 'api', nginx: undefined });
  expect(plan.processes[0]?.restart).toBe('unless-stopped');
});

test('what compose allows to be written in more than one way is understood in each', async () => {
  const plan = await load(`
name: shop
services:
  api:
    build: { context: ../.., dockerfile: services/shop/Dockerfile }
    image: shop-api
    command: node server.ts
    environment: ['A=\${Name}', 'B=b=c', C, 'D=', E]
  nginx:
    image: docker.io/library/nginx
    depends_on: { api: { condition: service_started } }
    volumes: ['./nginx/default.conf.template:/etc/nginx/templates/site.conf.template']
    ports: ['\${PORT:-9090}:8080']
`);
  expect(plan.face.port).toEqual({ published: 9090, target: 8080 });
  expect(plan.face.nginx?.templates.map((template) => template.name)).toEqual(['site.conf']);
  expect(plan.processes[0]?.command.map(({ text }) => text)).toEqual([['node'], ['server.ts']]);
  expect(environmentOf(plan, { Name: 'x', C: 'y' })).toEqual({ A: 'x', B: 'b=c', C: 'y', D: '' });
});

test('environment and command take the values of the stack', async () => {
  const plan = await load(`services:${API}    ports: ['1:1']
    environment:
      QUEUE: \${QueueUrl:?deploy first}
      LEVEL: \${Level:-info}
      RETRIES: 3
      LITERAL: $$HOME
      REGION:
`);
  expect(environmentOf(plan, { QueueUrl: 'http://q', REGION: 'ap-northeast-2' })).toEqual({
    QUEUE: 'http://q',
    LEVEL: 'info',
    RETRIES: '3',
    LITERAL: '$HOME',
    REGION: 'ap-northeast-2',
  });
  expect(() => environmentOf(plan, {})).toThrow(
    'compose.yaml:7: services.api.environment.QUEUE: QueueUrl is required, and has no value: deploy first.',
  );
});

describe('is refused, with file, line and key:', () => {
  test.each([
    ['services: [', 'COMPOSE_SYNTAX', '…/compose.yaml:1: not YAML: '],
    ['', 'COMPOSE_INVALID_VALUE', '…/compose.yaml:1: the file is empty.'],
    ['version: "3"', 'COMPOSE_UNSUPPORTED_KEY', '…/compose.yaml:1: version: naetmul does not support this key.'],
    ['services: {}', 'COMPOSE_INVALID_VALUE', '…/compose.yaml:1: services: one service must publish a port.'],
    [
      `services:${API}${NGINX}    privileged: true`,
      'COMPOSE_UNSUPPORTED_KEY',
      '…/compose.yaml:11: services.nginx.privileged: naetmul does not support this key.',
    ],
    [
      `services:${API}    env_file: .env\n${NGINX}`,
      'COMPOSE_UNSUPPORTED_KEY',
      '…/compose.yaml:5: services.api.env_file: naetmul does not support this key.',
    ],
    [
      `services:${API}${NGINX}\n  db:\n    image: mysql:8`,
      'COMPOSE_UNSUPPORTED_IMAGE',
      '…/compose.yaml:13: services.db.image: naetmul cannot run the image mysql:8 without Docker.',
    ],
    [
      'services:\n  api:\n    command: node x',
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:2: services.api: needs build, or an image of nginx.',
    ],
    [
      `services:\n  api:\n    build: .\n    ports: ['1:1']`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:2: services.api.command: is missing.',
    ],
    [
      `services:\n  api:\n    build: .\n    command: sh -c "a b"`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:4: services.api.command: takes a list of words, or words without quotes.',
    ],
    [
      `services:${API}    ports: [8080]`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:5: services.api.ports[0]: takes published:target, such as "8080:80".',
    ],
    [
      `services:${API}    ports: ['0.0.0.0:53:53/udp']`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:5: services.api.ports[0]: takes published:target, such as "8080:80".',
    ],
    [
      `services:${API}    ports: ['1:1']\n${NGINX}`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:11: services.nginx.ports: api publishes a port already.',
    ],
    [
      `services:${API}${NGINX.replace('[api]', '[web]')}`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:8: services.nginx.depends_on: takes the one service that nginx leads to, out of: api.',
    ],
    [
      `services:${API}${NGINX.replace('./nginx:', './nothing:')}`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:9: services.nginx.volumes[0]: there is no such folder: ./nothing.',
    ],
    [
      `services:${API}${NGINX.replace('/etc/nginx/templates', '/etc/nginx/conf.d')}`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:9: services.nginx.volumes[0]: naetmul does not support the volume ./nginx:/etc/nginx/conf.d:ro.',
    ],
    [
      `services:${API}${NGINX.replace('[api]', '{ api: { condition: service_completed_successfully } }')}`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:8: services.nginx.depends_on: takes a list of services, or a map of services to service_started or service_healthy.',
    ],
    [
      `services:${API}    environment: { A: true }`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:5: services.api.environment: takes a map of texts and numbers, or a list of NAME=value.',
    ],
    [
      `services:${API}    environment: { A: '\${B:}' }`,
      'COMPOSE_SYNTAX',
      '…/compose.yaml:5: services.api.environment.A: "${B:}" is no variable as compose knows them.',
    ],
    [
      `services:${API}    ports: ['\${Port}:80']`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:5: services.api.ports[0]: ${Port} has no default; only environment and command may depend on the values of a stack.',
    ],
    [
      `services:${API}    restart: on-failure:3`,
      'COMPOSE_INVALID_VALUE',
      '…/compose.yaml:5: services.api.restart: takes no, always, unless-stopped or on-failure.',
    ],
  ])('%s', async (text, code, message) => {
    const refused = await refusal(text);
    expect(refused.code).toBe(code);
    expect(refused.message).toContain(message);
  });

  test('a key that is not supported comes with those that are', async () => {
    expect((await refusal(`services:${API}    user: me`)).remedy).toBe(
      'Supported here are build, image, command, environment, ports, restart.',
    );
  });
});
