import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const dir = mkdtempSync(join(tmpdir(), 'gas-devices-'));
const posted: string[] = [];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    posted.push(body);
    const bad = body.includes('bad');
    response.writeHead(bad ? 400 : 200).end(bad ? '{"msg":"failure: bad reading: …"}' : '{"msg":"success"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/PROD/gasdetector`;
});

afterAll(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

function program(name: string, ...args: string[]) {
  const file = join(import.meta.dirname, name);
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [file, ...args], (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

describe('pub', () => {
  test('posts a generated day, and says what became of it', async () => {
    posted.length = 0;
    const day = ['--speed', 'max', '--every', '3600', '--detectors', '2', '--seed', 'test'];
    const { code, out } = await program('pub.ts', '--url', url, ...day);
    expect(code).toBe(0);
    expect(posted).toHaveLength(48);
    expect(out).toMatch(/^200 \{"msg":"success"\} {2}detector 1 {2}2021-09-03 00:00:00 {2}NO2 \d+\.\d\d$/m);
    expect(out).toMatch(/^48 posted, 0 of them not taken$/m);
  });

  test('posts the lines of a file as they are, and ends with 1 if one of them was refused', async () => {
    posted.length = 0;
    const file = join(dir, 'readings.jsonl');
    writeFileSync(file, '{"groupid": "1"}\n\nbad\r\n');
    const { code, out, err } = await program('pub.ts', '--url', url, '--from', file);
    expect(posted.toSorted()).toEqual(['bad', '{"groupid": "1"}']);
    expect(err).toContain('400 {"msg":"failure: bad reading: …"}  for bad');
    expect([code, out.includes('2 posted, 1 of them not taken')]).toEqual([1, true]);
  });

  test.each([
    [[], '--url is missing: where readings are posted to.'],
    [['--url', 'here'], '--url must be an address with http:// or https://, not here.'],
    [['--url', 'http://h', '--speed', '0'], '--speed must be a number above 0 or "max", not 0.'],
    [['--url', 'http://h', '--detectors', 'four'], '--detectors must be a whole number from 1 to 1000, not four.'],
    [['--url', 'http://h', '--day', 'today'], '--day must look like 2021-09-03, not today.'],
    [['--url', 'http://h', '--from', 'x', '--seed', '2'], '--seed goes with a generated day, not with --from.'],
    [['--url', 'http://h', '--from', '/nowhere'], "--from: ENOENT: no such file or directory, open '/nowhere'."],
    [['--nonsense'], "Unknown option '--nonsense'"],
  ])('refuses %j, and says why', async (args, reason) => {
    const { code, err } = await program('pub.ts', ...args);
    expect(err).toContain(reason);
    expect(err).toContain('Usage: node devices/pub.ts --url');
    expect(code).toBe(2);
  });
});

describe('sub', () => {
  const files = (...names: string[]) => {
    const folder = mkdtempSync(join(dir, 'device-'));
    for (const name of names) writeFileSync(join(folder, name), name === 'endpoint.txt' ? '127.0.0.1:1\n' : 'nonsense');
    return folder;
  };
  const ALL = ['root-ca.pem', 'certificate.pem.crt', 'private.pem.key', 'endpoint.txt'];

  test.each([
    [ALL.slice(0, 3), 'There is no --endpoint, or endpoint.txt in '],
    [ALL.slice(1), 'There is no root-ca.pem or AmazonRootCA1.pem in '],
    [ALL.filter((name) => name !== 'private.pem.key'), 'There is no private.pem.key in '],
  ])('with no more than %j it says what is missing, and how to get it', async (names, reason) => {
    const folder = files(...names);
    const { code, err } = await program('sub.ts', '--cert-dir', folder);
    expect(err).toContain(`${reason}${folder}. naetmul iot device <name> --out ${folder} writes`);
    expect(code).toBe(2);
  });

  test('an endpoint that cannot be one is refused', async () => {
    const { code, err } = await program('sub.ts', '--cert-dir', files(...ALL), '--endpoint', 'not a host');
    expect(err).toContain('The endpoint must be a host, with or without a port, not "not a host".');
    expect(code).toBe(2);
  });
});
