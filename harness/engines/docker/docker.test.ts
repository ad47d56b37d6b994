import { describe, expect, test } from 'vitest';
import { NaetmulError } from '../../errors.ts';
import { identityOf } from '../identity.ts';
import { isKept, isOrphan, keptLabels, runLabels } from './labels.ts';
import { describeLayers } from './pull.ts';
import { exitOf } from './server-container.ts';
import { dockerTrouble } from './trouble.ts';

describe('what Docker says becomes a sentence with a way out', () => {
  test.each([
    [
      'write /var/lib/docker/tmp/GetImageBlob12: no space left on device',
      'DISK_FULL',
      'The image mysql:8.4 cannot be pulled: Docker’s disk is full.',
      'docker system prune',
    ],
    [
      'driver failed programming external connectivity: Bind for 127.0.0.1:8080 failed: port is already allocated',
      'PORT_TAKEN',
      'another program has taken its port.',
      'a new free port',
    ],
    ['connect EACCES /var/run/docker.sock', 'STACK_UNAVAILABLE', 'this user may not use Docker.', 'group docker'],
    ['connect ENOENT /var/run/docker.sock', 'STACK_UNAVAILABLE', 'no Docker daemon answers.', '--stack native'],
    [
      'Could not find a working container runtime strategy',
      'STACK_UNAVAILABLE',
      'no Docker daemon answers.',
      'Start Docker',
    ],
    [
      'Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
      'IMAGE_NOT_PULLED',
      'the registry cannot be reached.',
      'docker load',
    ],
    [
      'toomanyrequests: You have reached your pull rate limit.',
      'IMAGE_NOT_PULLED',
      'allows no more pulls',
      'docker login',
    ],
    ['manifest for mysql:8.4 not found: manifest unknown', 'IMAGE_NOT_PULLED', 'does not give it.', 'docker login'],
    [
      'no matching manifest for linux/riscv64 in the manifest list entries',
      'IMAGE_NOT_PULLED',
      'for this machine’s processor.',
      '--stack native',
    ],
  ])('%s', (said, code, message, remedy) => {
    const trouble = dockerTrouble('The image mysql:8.4 cannot be pulled', new Error(said));
    expect(trouble).toMatchObject({ code, remedy: expect.stringContaining(remedy) });
    expect(trouble.message).toContain(message);
    expect(trouble.message).toContain(`Docker says: ${said}`);
  });

  test('what nobody has foreseen is passed on as it is', () => {
    const trouble = dockerTrouble('The container of MySQL cannot be started', new Error('cgroups: wobbly'));
    expect(trouble).toMatchObject({
      code: 'DOCKER_FAILED',
      message: 'The container of MySQL cannot be started: cgroups: wobbly',
      remedy: undefined,
    });
  });

  test('an error of ours stays what it is', () => {
    const own = new NaetmulError('SERVER_NOT_STARTED', 'MySQL ended while it was starting.');
    expect(dockerTrouble('anything', own)).toBe(own);
  });
});

test('a pull is told in megabytes of the layers that are known', () => {
  const layers = [
    { current: 40_000_000, total: 160_400_000 },
    { current: 10_300_000, total: 10_300_000 },
  ];
  expect(describeLayers(layers)).toBe('50 of 171 MB');
});

test('an exit code above 128 is a signal, and a container that is gone has neither', () => {
  expect(exitOf(137)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(exitOf(143)).toEqual({ code: null, signal: 'SIGTERM' });
  expect(exitOf(0)).toEqual({ code: 0, signal: null });
  expect(exitOf(1)).toEqual({ code: 1, signal: null });
  expect(exitOf(null)).toEqual({ code: null, signal: null });
});

test('a container is an orphan when its harness is gone; one that was kept never is', () => {
  const labels = runLabels('mysql', '/tmp/run-1/mysql');
  expect(isOrphan(labels)).toBe(false);
  const ended = { ...identityOf(process.pid), startTime: 'earlier' };
  expect(isOrphan({ ...labels, 'naetmul.harness': JSON.stringify(ended) })).toBe(true);
  expect(isOrphan({ ...labels, 'naetmul.harness': 'no JSON' })).toBe(false);
  expect(isOrphan({ 'com.docker.compose.project': 'other' })).toBe(false);
  expect([isKept(keptLabels('mysql')), isOrphan(keptLabels('mysql'))]).toEqual([true, false]);
});
