import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type BookEntry, identityOf, readForm, signatureHeaders, type Totals } from '../../fixtures/senders/index.ts';

const NAETMUL = join(import.meta.dirname, 'naetmul.js');
const ENVIRONMENT = { ...process.env, NO_COLOR: '1', NAETMUL_URL: 'http://127.0.0.1:1' };

function naetmul(...args: string[]) {
  return naetmulAt(ENVIRONMENT.NAETMUL_URL, ...args);
}

function naetmulAt(bench: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [NAETMUL, 'send', ...args],
      { env: { ...ENVIRONMENT, NAETMUL_URL: bench }, maxBuffer: 1e9 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

interface Received {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

/** A server of one's own: `answer` has the nth request, from 1. */
async function endpoint(answer: (nth: number, received: Received) => number) {
  const received: Received[] = [];
  const address = await served(async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    response.writeHead(answer(received.length, received.at(-1) as Received)).end('{"message":"said"}');
  });
  return { url: `${address}/hooks`, received };
}

async function served(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Told {
  readonly totals: Totals;
  readonly events: readonly BookEntry[];
  readonly seed: string;
}

describe('naetmul send', () => {
  test('posts 10,000 events within seconds to who throttles them, until each is taken', {
    timeout: 60_000,
  }, async () => {
    const { url, received } = await endpoint((nth) => (nth % 10 === 0 ? 429 : 200));
    const many = ['--count', '10000', '--rate', 'max', '--retries', '100ms,200ms,1s,1s,1s', '--duplicates', '5%'];
    const { code, stdout } = await naetmul('appsflyer', '--url', url, ...many, '--seed', 'x', '--json');
    const { totals, events } = JSON.parse(stdout) as Told;
    expect(code).toBe(0);
    expect(totals.fates).toEqual({ taken: 10_000, 'given-up': 0, unknown: 0, open: 0 });
    expect(totals.statuses).toEqual({ 200: totals.outcomes.ok, 429: totals.outcomes.throttled });
    expect(totals.outcomes.throttled).toBe(Math.floor(totals.posts / 10));
    expect(totals.duplicates).toBeGreaterThan(400);
    expect(received).toHaveLength(totals.posts);
    const arrived = received.map(({ body }) => identityOf('appsflyer', JSON.parse(body.toString())));
    expect(new Set(arrived)).toEqual(new Set(events.map(({ id }) => id)));
  });

  test('keeps to its rate, and the same seed sends the same', async () => {
    const { url, received } = await endpoint(() => 200);
    const options = ['--url', url, '--count', '20', '--rate', '40', '--seed', 'y', '--at', '2022-01-31T23:59:59+09:00'];
    const [{ stdout, code }, again] = [await naetmul('050', ...options), await naetmul('050', ...options)];
    expect([code, again.code]).toEqual([0, 0]);
    const bodies = received.map(({ body }) => body.toString());
    expect(bodies.slice(20)).toEqual(bodies.slice(0, 20));
    expect(readForm(received[0]?.body as Buffer).end_dt).toMatch(/^202201312359/);
    const [, seconds] = /^20 events in (\d+(?:\.\d+)?) (?:s|ms), /.exec(stdout) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual(0.4);
    expect(stdout).toContain('\n  taken               20  answered well at least once\n');
    expect(stdout).toContain('\n  Answers: 200 × 20\n');
  });

  test('says in the end what was given up and why, and fails', async () => {
    const { url } = await endpoint((nth) => (nth === 1 ? 400 : 200));
    const { code, stdout, stderr } = await naetmul(
      'appsflyer',
      '--url',
      url,
      '--count',
      '3',
      '--rate',
      'max',
      '--concurrency',
      '1',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('\n  given up             1  answered, never well, and not sent any more\n');
    expect(stdout).toMatch(/\nNot taken:\n {2}\d+-\d+ .+\n {4}1 post, the last 400: \{"message":"said"\}\n$/);
    expect(stderr).toMatch(/^3 events of appsflyer to http:.+; --seed [0-9a-f]{8}\n/);
    expect(stderr).toContain(
      'Success is 200 within 10.0 s; what is worth it is sent again after 15 min, 15 min, 15 min, 15 min.',
    );
  });

  test('signs what it posts, in EUC-KR too', async () => {
    const secret = 'a secret of 16 or more';
    const { url, received } = await endpoint(() => 202);
    await naetmul('050', '--url', url, '--count', '5', '--rate', 'max', '--secret', secret, '--encoding', 'euc-kr');
    expect(received).toHaveLength(5);
    for (const { headers, body } of received) {
      const instant = Number(headers['x-signature-timestamp']) * 1000;
      expect(headers['x-signature']).toBe(signatureHeaders(secret, body, instant)['X-Signature']);
      expect(headers['content-type']).toBe('application/x-www-form-urlencoded; charset=EUC-KR');
    }
  });

  test('signs by the bench’s clock, with the bench’s secret', async () => {
    const secret = 'the secret of the bench';
    const signed = { FunctionName: 'signed', Environment: { Variables: { SIGNING_SECRETS: `${secret}, another` } } };
    const received: Received[] = [];
    const edge = await served(async (request, response) => {
      const answers: Readonly<Record<string, unknown>> = {
        '/_naetmul/outputs': { webhooks: { Url: `${edge}/PROD`, SignedFunctionName: 'signed' } },
        '/_naetmul/status': { customDomains: null },
        '/_naetmul/clock': { now: '2022-01-27T05:48:25.900Z', mode: 'held' },
        '/2015-03-31/functions/signed/configuration': signed,
        '/PROD/signed/appsflyer': {},
      };
      const answer = answers[request.url ?? ''];
      if (request.method === 'POST') received.push({ headers: request.headers, body: await buffer(request) });
      response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
    });
    const way = ['--way', 'signed', '--count', '3', '--rate', 'max', '--retries', 'none'];
    const { code, stderr } = await naetmulAt(edge, 'appsflyer', ...way);
    expect(stderr).toContain(`to ${edge}/PROD/signed/appsflyer, from 2022-01-27T05:48:25.900Z on`);
    expect(stderr).toContain('The bench’s time stands still');
    expect(stderr).toContain('`naetmul clock real` lets time run.');
    expect([code, received.length]).toEqual([0, 3]);
    const instant = Date.parse('2022-01-27T05:48:25Z');
    for (const { headers, body } of received) {
      const expected = Object.entries(signatureHeaders(secret, body, instant));
      expect(headers).toMatchObject(Object.fromEntries(expected.map(([name, value]) => [name.toLowerCase(), value])));
    }
  });

  test('tells what is open when it is interrupted', async () => {
    const { url, received } = await endpoint(() => 503);
    const child = spawn(process.execPath, [NAETMUL, 'send', 'adbrix', '--url', url, '--count', '3', '--json'], {
      env: ENVIRONMENT,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    // All three wait for a minute now.
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(3);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      interrupted: true,
      totals: { events: 3, unsent: 0, fates: { open: 3 } },
    });
  });

  test('ends at once when it is interrupted long before its last event', async () => {
    const { url, received } = await endpoint(() => 503);
    const many = ['--count', '10000000', '--rate', '20', '--json'];
    const child = spawn(process.execPath, [NAETMUL, 'send', '050', '--url', url, ...many], { env: ENVIRONMENT });
    onTestFinished(() => void child.kill('SIGKILL'));
    const told = text(child.stdout);
    await expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThan(2);
    child.kill('SIGINT');
    const { interrupted, totals, events } = JSON.parse(await told);
    expect(interrupted).toBe(true);
    expect(totals).toMatchObject({
      events: 10_000_000,
      unsent: 10_000_000 - events.length,
      fates: { open: 10_000_000 },
    });
    expect(events.length).toBeLessThan(1_000);
  });

  test('ends quietly when nobody reads its book to the end', async () => {
    const { url } = await endpoint(() => 200);
    const many = ['--count', '300', '--rate', 'max', '--json'];
    const child = spawn(process.execPath, [NAETMUL, 'send', '050', '--url', url, ...many], { env: ENVIRONMENT });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdout.destroy();
    const said = text(child.stderr);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await said).trimEnd().split('\n')).toHaveLength(2);
  });

  test('sends nothing where not all of it can be made', async () => {
    const { url, received } = await endpoint(() => 200);
    const { code, stdout, stderr } = await naetmul('appsflyer', '--url', url, '--count', '2', '--rate', '1e-300');
    expect(stderr).toMatch(/^error These events would not all happen in the years 0001 to 9999\.\n +Let fewer .+\n$/);
    expect([code, stdout, received]).toEqual([2, '', []]);
  });

  test('shows the password of the URL to the server, and to nobody else', async () => {
    const { url, received } = await endpoint(() => 200);
    const withPassword = url.replace('http://', 'http://me:secret@');
    const { stdout, stderr } = await naetmul('050', '--url', withPassword, '--count', '1', '--json');
    expect(received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
    expect(JSON.parse(stdout).url).toBe(url.replace('http://', 'http://me:***@'));
    const { stderr: error } = await naetmul('050', '--url', 'http://me:secret@127.0.0.1:1/');
    expect(error).toContain('Nothing can be posted to http://me:***@127.0.0.1:1/: connect');
    expect(`${stdout}${stderr}${error}`).not.toContain('secret');
  });

  test.each([
    [['050'], 3, 'No naetmul answers at http://127.0.0.1:1.'],
    [['050', '--url', 'http://127.0.0.1:1/'], 2, 'Nothing can be posted to http://127.0.0.1:1/: connect ECONNREFUSED'],
    [['050', '--url', 'example.com'], 2, '"example.com" is not the address of an endpoint.'],
    [['050', '--cert', NAETMUL], 2, 'There is --cert, but no --key.'],
    [['050', '--key', NAETMUL], 2, 'There is --key, but no --cert.'],
    [['google'], 2, "'google' is invalid for argument 'sender'. Allowed choices are 050, appsflyer, adbrix."],
    [['050', '--rate', '0'], 2, 'It takes a number of events a second above 0, such as 200 or 0.5, or max.'],
    [['050', '--duplicates', '5'], 2, 'It takes a share, such as 5% or 0.05, of 100% at most.'],
    [['050', '--retries', 'soon'], 2, '"soon" is not a duration.'],
    [['050', '--retry-scale', '1e308'], 2, 'It takes a number from 0 to 1000, such as 0.001'],
    [['050', '--spread', '99999999999999d'], 2, '"99999999999999d" is longer than time is.'],
    [['appsflyer', '--format', 'form'], 2, 'appsflyer posts JSON in UTF-8, not with --format form.'],
    [['adbrix', '--encoding', 'euc-kr'], 2, 'adbrix posts a form or JSON in UTF-8, not with --encoding euc-kr.'],
    [
      ['050', '--url', 'http://127.0.0.1:1/', '--cert', '/none.pem', '--key', NAETMUL],
      2,
      '/none.pem cannot be read (ENOENT).',
    ],
    [
      ['050', '--url', 'http://127.0.0.1:1/', '--cert', NAETMUL, '--key', NAETMUL],
      2,
      'The files for TLS cannot be used: ',
    ],
  ])('of %j ends with %i', async (args, exitCode, text) => {
    const { code, stdout, stderr } = await naetmul(...args);
    expect(stderr).toContain(text);
    expect([code, stdout]).toEqual([exitCode, '']);
  });
});
