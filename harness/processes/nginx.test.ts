import { expect, test } from 'vitest';
import { describe, mainConfiguration, nginxArguments } from './nginx.ts';

const ABOUT = `nginx version: nginx/1.18.0 (Ubuntu)
built with OpenSSL 3.0.2 15 Mar 2022
configure arguments: --prefix=/usr/share/nginx --without-http_uwsgi_module --without-http_scgi_module --with-threads`;

test('nginx says its version and what it was built without', () => {
  expect(describe('/usr/sbin/nginx', ABOUT)).toEqual({
    executable: '/usr/sbin/nginx',
    version: '1.18.0',
    upstreams: ['proxy', 'fastcgi'],
  });
  expect(describe('/usr/bin/nginx', 'nginx version: openresty/1.27.1.2\n')?.version).toBe('1.27.1.2');
  expect(describe('/usr/bin/nginx', 'Segmentation fault')).toBeUndefined();
});

test('the configuration lets nginx write into its folder only, and names no folder of a module that is not there', () => {
  const text = mainConfiguration('/tmp/a "run"', { executable: 'nginx', version: '1.18.0', upstreams: ['proxy'] });
  expect(text.match(/_temp_path|^pid|access_log/gm)).toHaveLength(4);
  expect(text.match(/"[^;]*"/g)?.filter((path) => !path.startsWith('"/tmp/a \\"run\\"/'))).toEqual([]);
  expect(text).toContain('pid "/tmp/a \\"run\\"/nginx.pid";');
  expect(text).not.toContain('uwsgi');
});

test.each([
  ['1.18.0', false],
  ['1.19.4', false],
  ['1.19.5', true],
  ['1.22.1', true],
  ['2.0.0', true],
])('nginx %s is told where errors go before it reads its configuration: %s', (version, expected) => {
  const args = nginxArguments('/run/x', { executable: 'nginx', version, upstreams: [] });
  expect(args.includes('-e')).toBe(expected);
  expect(args.slice(-2)).toEqual(['-g', 'daemon off;']);
});
