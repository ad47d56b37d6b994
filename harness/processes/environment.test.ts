import { expect, test } from 'vitest';
import { processEnvironment } from './environment.ts';

const bench = { edgeUrl: 'http://localhost:4566', region: 'ap-northeast-2', port: 4321, clockFile: '/run/clock' };

test("a process sees the bench and what its compose file says, and nothing else of the harness's environment", () => {
  const machine = { PATH: '/bin', HOME: '/home/me', AWS_PROFILE: 'real', AWS_ACCESS_KEY_ID: 'real', SECRET: 'x' };
  expect(processEnvironment({ LEVEL: 'info' }, bench, machine)).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    TZ: 'UTC',
    AWS_ENDPOINT_URL: 'http://localhost:4566',
    AWS_REGION: 'ap-northeast-2',
    AWS_DEFAULT_REGION: 'ap-northeast-2',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LEVEL: 'info',
    HOST: '127.0.0.1',
    PORT: '4321',
    NAETMUL_CLOCK: '/run/clock',
    NODE_OPTIONS: expect.stringMatching(/^--require ".*clock[\\/]+follow\.cjs"$/),
  });
});

test('the compose file may choose, but not where the bench is and where the process listens', () => {
  const written = {
    TZ: 'Asia/Seoul',
    AWS_REGION: 'eu-west-1',
    PORT: '3000',
    HOST: '0.0.0.0',
    AWS_ENDPOINT_URL: '',
    NODE_OPTIONS: '--enable-source-maps',
  };
  expect(processEnvironment(written, bench, {})).toMatchObject({
    TZ: 'Asia/Seoul',
    AWS_REGION: 'eu-west-1',
    PORT: '4321',
    HOST: '127.0.0.1',
    AWS_ENDPOINT_URL: 'http://localhost:4566',
    NODE_OPTIONS: expect.stringMatching(/^--require ".*" --enable-source-maps$/),
  });
});

test('Node keeps what it compiles where the bench says, unless the compose file says otherwise', () => {
  const kept = { ...bench, compileCache: '/cache/node-compile' };
  expect(processEnvironment({}, kept, {}).NODE_COMPILE_CACHE).toBe('/cache/node-compile');
  expect(processEnvironment({ NODE_COMPILE_CACHE: '/mine' }, kept, {}).NODE_COMPILE_CACHE).toBe('/mine');
});
