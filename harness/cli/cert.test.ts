import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Emulator } from '../edge/emulator.ts';
import { testEdge } from '../edge/testing.ts';
import { certCommand } from './commands/cert.ts';
import { exitCode, exitCodeOf, sayError } from './terminal.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'naetmul-cert-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** `naetmul cert …`, in this process: what it writes, and how it ends. */
async function cert(...args: string[]) {
  const written = { stdout: '', stderr: '' };
  const program = new Command('naetmul').exitOverride().configureOutput({
    writeOut: (text) => void process.stdout.write(text),
    writeErr: (text) => void process.stderr.write(text),
  });
  const command = certCommand().copyInheritedSettings(program);
  for (const inner of command.commands) inner.copyInheritedSettings(command);
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    await command.parseAsync(args, { from: 'user' });
    return { code: exitCode.ok, ...written };
  } catch (error) {
    if (error instanceof CommanderError)
      return { code: error.exitCode === 0 ? exitCode.ok : exitCode.usage, ...written };
    sayError(error);
    return { code: exitCodeOf(error), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const at = (name: string) => join(folder, name);

function verify(purpose: string, name: string): string {
  const args = ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', at('ca.pem'), at(name)];
  return execFileSync('openssl', args).toString();
}

describe('naetmul cert', () => {
  test('makes an authority, and what it signs is good for mutual TLS', async () => {
    const ca = await cert('ca', '--out', folder);
    expect(ca).toMatchObject({ code: 0, stdout: `${at('ca.pem')}\n${at('ca.key')}\n` });
    expect(ca.stderr).toMatch(/^The certificate authority "naetmul webhook senders CA" is valid from .* to .*\.\n$/);
    expect(await cert('client', 'appsflyer', '--out', folder)).toMatchObject({
      code: 0,
      stdout: `${at('appsflyer.pem')}\n${at('appsflyer.key')}\n`,
    });
    expect((await cert('client', '050', '--out', folder, '--key', 'rsa', '--days', '30')).code).toBe(0);
    expect((await cert('server', '*.example.com', '--out', folder)).code).toBe(0);
    expect(verify('sslclient', 'appsflyer.pem')).toContain('OK');
    expect(verify('sslclient', '050.pem')).toContain('OK');
    expect(verify('sslserver', 'wildcard.example.com.pem')).toContain('OK');
    const server = new X509Certificate(readFileSync(at('wildcard.example.com.pem')));
    expect(server.checkHost('hooks.example.com')).toBe('*.example.com');
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.key'))) {
      expect(statSync(at(name)).mode & 0o777, name).toBe(0o600);
    }
    const days = (name: string) => {
      const { validFromDate, validToDate } = new X509Certificate(readFileSync(at(name)));
      // The day before is on top.
      return (validToDate.getTime() - validFromDate.getTime()) / 86_400_000;
    };
    expect(['ca.pem', 'appsflyer.pem', '050.pem'].map(days)).toEqual([3651, 366, 31]);
  });

  test('replaces nothing unless told to, and then leaves keys to their user alone', async () => {
    await cert('ca', '--out', folder);
    const before = readFileSync(at('ca.key'), 'utf8');
    expect(await cert('ca', '--out', folder)).toEqual({
      code: 2,
      stdout: '',
      stderr:
        `error ${at('ca.pem')} and ${at('ca.key')} are there already.\n` +
        '      Name another folder with --out, or replace what is there with --force.\n',
    });
    rmSync(at('ca.pem'));
    expect((await cert('ca', '--out', folder)).stderr).toContain(`${at('ca.key')} is there already.`);
    expect(readFileSync(at('ca.key'), 'utf8')).toBe(before);
    chmodSync(at('ca.key'), 0o644);
    expect((await cert('ca', '--out', folder, '--force')).code).toBe(0);
    expect(readFileSync(at('ca.key'), 'utf8')).not.toBe(before);
    expect(statSync(at('ca.key')).mode & 0o777).toBe(0o600);
  });

  test('a certificate is valid when it is wanted, within its authority’s time', async () => {
    await cert('ca', '--out', folder, '--from', '2022-01-01T00:00:00+09:00', '--days', '365');
    await cert('client', 'appsflyer', '--out', folder, '--from', '2022-12-01T00:00:00+09:00', '--days', '90');
    const { validFrom, validTo } = new X509Certificate(readFileSync(at('appsflyer.pem')));
    expect([validFrom, validTo]).toEqual(['Nov 30 15:00:00 2022 GMT', 'Dec 31 15:00:00 2022 GMT']);
    const late = await cert('client', 'partner', '--out', folder, '--from', '2023-01-01T00:00:00+09:00');
    expect(late).toMatchObject({ code: 2, stdout: '' });
    expect(late.stderr).toContain(
      'is valid from 2021-12-31T15:00:00.000Z to 2022-12-31T15:00:00.000Z, which is no part',
    );
  });

  test.each([
    ['1949-12-31T23:59:59Z', '1'],
    ['0001-01-01T00:00:00Z', '3650'],
    ['9999-12-31T00:00:00Z', '1'],
    ['9999-12-31T00:00:00Z', '36500'],
  ])('makes nothing that nobody can read: from %s for %s days', async (from, days) => {
    const refused = await cert('ca', '--out', folder, '--from', from, '--days', days);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('A certificate is valid within the years 1950 to 9999 only.');
    await cert('ca', '--out', folder);
    expect((await cert('client', 'partner', '--out', folder, '--from', from, '--days', days)).code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['ca.key', 'ca.pem']);
  });

  test.each([
    ['1950-01-01T00:00:00Z', '1', 'Jan  1 00:00:00 1950 GMT', 'Jan  2 00:00:00 1950 GMT'],
    ['9999-12-30T23:59:59Z', '1', 'Dec 30 23:59:59 9999 GMT', 'Dec 31 23:59:59 9999 GMT'],
  ])('makes what can just be read: from %s for %s day', async (from, days, validFrom, validTo) => {
    expect((await cert('ca', '--out', folder, '--from', from, '--days', days)).code).toBe(0);
    const dates = execFileSync('openssl', ['x509', '-noout', '-dates', '-in', at('ca.pem')]).toString();
    expect(dates).toBe(`notBefore=${validFrom}\nnotAfter=${validTo}\n`);
  });

  test('says what was wrong, and what to do', async () => {
    const alone = await cert('client', 'appsflyer', '--out', folder);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toContain(`There is no certificate authority in ${folder}: ENOENT`);
    expect(alone.stderr).toContain(`Make one with \`naetmul cert ca --out ${folder}\``);
    expect((await cert('client', 'CA', '--out', folder)).stderr).toContain(
      'The files of that name are the authority’s.',
    );
    expect((await cert('client', '../x', '--out', folder)).stderr).toContain('A name has 1 to 64 letters');
    expect((await cert('server', 'Example..com', '--out', folder)).code).toBe(2);
    expect((await cert('ca', '--out', folder, '--days', '0')).stderr).toContain('a number from 1 to 36500');
    expect((await cert('ca')).stderr).toContain("required option '--out <folder>' not specified");
    expect(readdirSync(folder)).toEqual([]);
    await cert('ca', '--out', folder);
    await cert('client', 'appsflyer', '--out', folder);
    writeFileSync(at('ca.key'), readFileSync(at('appsflyer.key')));
    const mixed = await cert('client', 'partner', '--out', folder);
    expect(mixed.stderr).toContain('are no certificate authority: the key belongs to another certificate.');
    writeFileSync(at('ca.pem'), readFileSync(at('appsflyer.pem')));
    const client = await cert('client', 'partner', '--out', folder);
    expect(client).toMatchObject({ code: 2, stdout: '' });
    expect(client.stderr).toContain('are no certificate authority: the certificate may not sign others.');
    expect(readdirSync(folder)).not.toContain('partner.pem');
    await cert('ca', '--out', join(at('ca.pem'), 'deeper'));
    expect((await cert('ca', '--out', join(at('ca.pem'), 'deeper'))).stderr).toContain('Nothing can be written to');
  });

  test('the line of curl that its help shows gets through mutual TLS', async () => {
    await cert('ca', '--out', folder);
    await cert('client', 'appsflyer', '--out', folder);
    let shown: X509Certificate | undefined;
    const apiGateway: Emulator = {
      service: 'apigateway',
      protocol: { kind: 'rest-json' },
      operations: [],
      dataPlane: {
        handle: async () => ({ status: 404, headers: {}, body: '' }),
        customDomains: {
          has: () => false,
          async handle({ tls }, { host, path }) {
            shown = tls?.clientCertificate && new X509Certificate(tls.clientCertificate);
            return { status: 200, headers: {}, body: `${host} ${path}` };
          },
        },
      },
    };
    const domains = at('domains-ca.pem');
    await using bench = await testEdge({ tls: { port: 0, cacheDir: at('cache'), caFile: domains } }, [apiGateway]);
    await bench.edge.tlsNames?.serve('hooks.example.com', { clientCertificate: true });
    const port = bench.edge.tlsAddress()?.port;
    const { stdout: help } = await cert('--help');
    const line = /^ {2}curl (.*\n.*\n.*)$/m.exec(help)?.[1] ?? '';
    const args = line
      .replaceAll('\\\n', ' ')
      .replaceAll('certs/', `${folder}/`)
      .replace('<CA of custom domain names>', domains)
      .replace(':8443', `:${port}`)
      .replace('@message.json', '{}')
      .match(/'[^']*'|\S+/g);
    const { stdout } = await promisify(execFile)('curl', ['-s', ...(args ?? []).map((arg) => arg.replaceAll("'", ''))]);
    expect(stdout).toBe('hooks.example.com /appsflyer');
    expect(shown?.subject).toBe('CN=appsflyer');
    expect(shown?.verify(new X509Certificate(readFileSync(at('ca.pem'))).publicKey)).toBe(true);
  });
});
