// biome-ignore-all lint/suspicious/noTemplateCurlyInString: nginx writes variables as JavaScript's templates do.
import { describe, expect, test } from 'vitest';
import { type Loopback, moveToLoopback, substituteEnvironment } from './nginx-templates.ts';

test("only the service's variables are put in; nginx keeps its own", () => {
  const template = 'proxy_pass http://${API}$request_uri; proxy_set_header Host $host; # $API_KEY ${UNKNOWN}';
  expect(substituteEnvironment(template, { API: 'api:3000', toString: 'x' })).toBe(
    'proxy_pass http://api:3000$request_uri; proxy_set_header Host $host; # $API_KEY ${UNKNOWN}',
  );
  expect(substituteEnvironment('$constructor $A$B', { A: '$B', B: '' })).toBe('$constructor $B');
});

describe('moved to loopback', () => {
  const loopback: Loopback = {
    listen: { target: 8080, port: 41234 },
    services: new Map([
      ['api', { port: 41235, inside: 3000 }],
      ['web.app', { port: 41236, inside: undefined }],
    ]),
  };
  const move = (text: string) => moveToLoopback(text, 'default.conf.template', loopback);

  test.each([
    ['server { listen 8080; }', 'server { listen 127.0.0.1:41234; }'],
    ['  listen   8080 default_server reuseport;', '  listen 127.0.0.1:41234 default_server reuseport;'],
    ['listen *:8080;\nlisten 0.0.0.0:8080;', 'listen 127.0.0.1:41234;\nlisten 127.0.0.1:41234;'],
    ['proxy_pass http://api:3000/v1;', 'proxy_pass http://127.0.0.1:41235/v1;'],
    ['server web.app:80 weight=2;', 'server 127.0.0.1:41236 weight=2;'],
    ['upstream api { server api:3000; }', 'upstream api { server 127.0.0.1:41235; }'],
    ['proxy_pass http://my-api:3000; set $x api.example.com:3000;', undefined],
    ['proxy_pass http://127.0.0.1:3000; return 301 https://$host:8443$uri;', undefined],
    ['  # listen 9999; api:1\nlisten 8080;', '\nlisten 127.0.0.1:41234;'],
  ])('%s', (text, expected = text) => {
    expect(move(text)).toBe(expected);
  });

  test.each([
    ['listen 80;', 'default.conf.template: naetmul cannot listen on 80.'],
    ['listen [::]:8080;', 'default.conf.template: naetmul cannot listen on [::]:8080.'],
    ['listen 8443 ssl;', 'default.conf.template: naetmul cannot listen on 8443.'],
    ['listen unix:/run/x.sock;', 'default.conf.template: naetmul cannot listen on unix:/run/x.sock.'],
    ['proxy_pass http://api:3001;', 'default.conf.template: api does not listen on 3001.'],
  ])('refuses %s, which nobody could reach', (text, message) => {
    expect(() => move(text)).toThrow(message);
  });
});
