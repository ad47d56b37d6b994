import { expect, test } from 'vitest';
import type { Principal } from '../model.ts';
import { Permissions } from './permissions.ts';

const PRINCIPAL: Principal = {
  arn: 'arn:aws:iot:eu-west-1:123456789012:cert/abc',
  kind: 'certificate',
  certificateId: 'abc',
  commonName: 'garden',
  thingNames: ['pi-1', 'pi-2'],
  policies: [],
};

/** As a policy writes it. */
const variable = (name: string) => `\${${name}}`;

function allowed(clientId: string, resource: string, asked: string): boolean {
  const arn = `arn:aws:iot:eu-west-1:123456789012:${resource}`;
  const policies = [{ name: 'p', statements: [{ effect: 'Allow' as const, actions: ['iot:*'], resources: [arn] }] }];
  return new Permissions({ ...PRINCIPAL, policies }, clientId).allow('iot:Publish', asked);
}

test('resources are those of the certificate’s region and account', () => {
  expect(allowed('pi-1', 'topic/a', 'topic/a')).toBe(true);
});

test('a client is the thing that its certificate is attached to and that has its name', () => {
  expect(allowed('pi-1', `topic/${variable('iot:Connection.Thing.ThingName')}`, 'topic/pi-1')).toBe(true);
  expect(allowed('pi-3', `topic/${variable('iot:Connection.Thing.ThingName')}`, 'topic/pi-3')).toBe(false);
  expect(allowed('pi-3', `topic/${variable('iot:Connection.Thing.IsAttached')}`, 'topic/false')).toBe(true);
});

test('variables stand for the certificate, too', () => {
  expect(allowed('x', `topic/${variable('iot:Certificate.Subject.CommonName')}`, 'topic/garden')).toBe(true);
  expect(allowed('x', `topic/${variable('iot:CertificateId')}`, 'topic/abc')).toBe(true);
});

test('whoever has an access key may do everything', () => {
  const permissions = new Permissions({ ...PRINCIPAL, kind: 'iam' }, 'x');
  expect(permissions.allow('iot:Connect', 'client/x')).toBe(true);
  expect(permissions.mayReceive('a')).toBe(true);
});
