import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { reportCommand } from './commands/report.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test('naetmul report refuses a bucket without a name, as a variable that is not set gives it', async () => {
  let said = '';
  const command = reportCommand()
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        said += text;
      },
    });
  await expect(command.parseAsync(['--bucket', ''], { from: 'user' })).rejects.toMatchObject({
    code: 'commander.invalidArgument',
  });
  expect(said).toContain('A bucket has a name.');
});

test('naetmul report tells every two seconds how far it is', async () => {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(said.push(String(text))));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { promise: isTold, resolve: told } = Promise.withResolvers<void>();
  const known = { sender: '050', via: 'gateway', request_id: 'r', received_at: Date.parse('2022-01-26T15:00:00Z') };
  const key = 'rawdata/2022/01/26/15/webhooks-1-2022-01-26-15-00-00-046b6c7f-0b8a-43b9-b35d-6489e6daee91';
  const server = createServer(async ({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (pathname === `/hooks/${key}`) {
      response.end(`${JSON.stringify({ ...known, event: { call_id: '1' } })}\n`.repeat(1_500));
      return;
    }
    const prefix = searchParams.get('prefix') ?? '';
    // What comes after it is known only once it has been told how far things are.
    if (prefix === 'rawdata/2022/01/26/20/') await isTold;
    const contents = key.startsWith(prefix) ? `<Contents><Key>${key}</Key></Contents>` : '';
    response.end(`<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'ap-northeast-2');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const reported = reportCommand().parseAsync(['--bucket', 'hooks', '--day', '2022-01-27'], { from: 'user' });
  // The hours before the day are 25, and of the day five.
  await expect.poll(() => said, { timeout: 10_000 }).toContain('30 of 55 folders, 1,500 records\n');
  told();
  await reported;
}, 20_000);
