import { describe, expect, test } from 'vitest';
import { type Attempt, type Caller, isOpen, judge, parsePolicy } from './resource-policy.ts';

const DOMAIN = 'arn:aws:es:ap-northeast-2:111122223333:domain/pinpoint';
const MINE = '203.0.113.4';
const OWNER: Caller = { accountId: '111122223333' };
const OTHER: Caller = { accountId: '444455556666' };

const ERRORS = { invalid: new Error('invalid'), unsupported: (what: string) => new Error(`unsupported: ${what}`) };

const policy = (...statements: object[]) =>
  parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((statement) => ({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'es:ESHttp*',
        Resource: `${DOMAIN}/*`,
        ...statement,
      })),
    }),
    ERRORS,
  );
const fromMe = { Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } } };
const attempt = (given: Partial<Attempt> = {}): Attempt => ({
  caller: 'anonymous',
  action: 'es:ESHttpGet',
  resource: `${DOMAIN}/gasdetect/_search`,
  sourceIp: MINE,
  ...given,
});

describe('a request', () => {
  test.each<[string, object[], Partial<Attempt>, string]>([
    ['from an address in the range', [fromMe], {}, 'allowed'],
    ['from an address outside the range', [fromMe], { sourceIp: '203.0.114.4' }, 'not-allowed'],
    ['from an address that is no address', [fromMe], { sourceIp: '' }, 'not-allowed'],
    [
      'from one single address',
      [{ Condition: { IpAddress: { 'AWS:sourceIP': MINE } } }],
      { sourceIp: MINE },
      'allowed',
    ],
    [
      'from an address of IPv6 in the range',
      [{ Condition: { IpAddress: { 'aws:SourceIp': ['2001:db8::/32', '::1'] } } }],
      { sourceIp: '2001:db8:1::5' },
      'allowed',
    ],
    [
      'from an address that NotIpAddress names',
      [{ Condition: { NotIpAddress: { 'aws:SourceIp': [MINE] } } }],
      {},
      'not-allowed',
    ],
    [
      'from an address that NotIpAddress does not name',
      [{ Condition: { NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.1'] } } }],
      {},
      'allowed',
    ],
    [
      'that must be in one range and not in another, and is in both',
      [{ Condition: { ...fromMe.Condition, NotIpAddress: { 'aws:SourceIp': MINE } } }],
      {},
      'not-allowed',
    ],
    ['without any statement', [], {}, 'not-allowed'],
    ['that a deny names too', [fromMe, { Effect: 'Deny', Action: ['es:ESHttpGet'] }], {}, 'denied'],
    ['that a deny of another method leaves', [fromMe, { Effect: 'Deny', Action: 'es:ESHttpDelete' }], {}, 'allowed'],
    ['with the action in other letters', [{ ...fromMe, Action: ['es:eshttpget'] }], {}, 'allowed'],
    ['of a method that is not allowed', [{ ...fromMe, Action: 'es:ESHttpPut' }], {}, 'not-allowed'],
    ['that NotAction leaves', [{ ...fromMe, Action: undefined, NotAction: 'es:ESHttpDelete' }], {}, 'allowed'],
    ['to an index of the pattern', [{ ...fromMe, Resource: `${DOMAIN}/gas*/_search` }], {}, 'allowed'],
    ['to another index', [{ ...fromMe, Resource: [`${DOMAIN}/logs-?/*`] }], {}, 'not-allowed'],
    ['to the root, which a slash and a star cover', [fromMe], { resource: `${DOMAIN}/` }, 'allowed'],
    ['where the star after the slash is forgotten', [{ ...fromMe, Resource: DOMAIN }], {}, 'not-allowed'],
    ['with a dot that is no wildcard', [{ ...fromMe, Resource: `${DOMAIN}/g.sdetect/*` }], {}, 'not-allowed'],
    ['unsigned, where an account is meant', [{ Principal: { AWS: OWNER.accountId } }], {}, 'not-allowed'],
    ['signed, where everybody is meant', [fromMe], { caller: OTHER }, 'allowed'],
    ['signed, where its account is meant', [{ Principal: { AWS: [OTHER.accountId] } }], { caller: OTHER }, 'allowed'],
    [
      'signed, where the root of its account is meant',
      [{ Principal: { AWS: 'arn:aws:iam::444455556666:root' } }],
      { caller: OTHER },
      'allowed',
    ],
    [
      'signed, where a role of its account is allowed',
      [{ Principal: { AWS: 'arn:aws:iam::444455556666:role/reader' } }],
      { caller: OTHER },
      'allowed',
    ],
    [
      'signed, where a role of its account is denied, which may be another',
      [fromMe, { Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::444455556666:role/reader' } }],
      { caller: OTHER },
      'allowed',
    ],
    [
      'signed, where its whole account is denied',
      [fromMe, { Effect: 'Deny', Principal: { AWS: 'arn:aws:iam::444455556666:root' } }],
      { caller: OTHER },
      'denied',
    ],
    [
      'signed, where another account is meant',
      [{ Principal: { AWS: OWNER.accountId } }],
      { caller: OTHER },
      'not-allowed',
    ],
    [
      'where a service is meant',
      [{ Principal: { Service: 'firehose.amazonaws.com' } }],
      { caller: OWNER },
      'not-allowed',
    ],
  ])('%s', (_, statements, given, verdict) => {
    expect(judge(policy(...statements), attempt(given))).toBe(verdict);
  });

  test('has no say where there is no policy', () => {
    expect(judge(parsePolicy('', ERRORS), attempt())).toBe('not-allowed');
  });
});

describe('a policy', () => {
  test.each([
    ['{'],
    ['[]'],
    ['{"Version":"2012-10-17"}'],
    ['{"Statement":[{"Effect":"Maybe","Principal":"*","Action":"es:*","Resource":"*"}]}'],
    ['{"Statement":[{"Effect":"Allow","Action":"es:*","Resource":"*"}]}'],
    ['{"Statement":[{"Effect":"Allow","Principal":"*","Resource":"*"}]}'],
    ['{"Statement":[{"Effect":"Allow","Principal":"*","Action":"es:*","NotAction":"es:*","Resource":"*"}]}'],
    ['{"Statement":[{"Effect":"Allow","Principal":"*","Action":[1],"Resource":"*"}]}'],
    [
      '{"Statement":{"Effect":"Allow","Principal":"*","Action":"es:*","Resource":"*",' +
        '"Condition":{"IpAddress":{"aws:SourceIp":"300.1.2.3/8"}}}}',
    ],
    [
      '{"Statement":{"Effect":"Allow","Principal":"*","Action":"es:*","Resource":"*",' +
        '"Condition":{"IpAddress":{"aws:SourceIp":"10.1.2.3/33"}}}}',
    ],
  ])('that cannot be read is refused: %s', (document) => {
    expect(() => parsePolicy(document, ERRORS)).toThrow(ERRORS.invalid);
  });

  test('of a caller names no principal', () => {
    const document = '{"Statement":{"Effect":"Allow","Action":"es:*","Resource":"*"}}';
    expect(judge(parsePolicy(document, ERRORS, 'none'), attempt())).toBe('allowed');
    expect(() => parsePolicy(document, ERRORS)).toThrow(ERRORS.invalid);
  });

  test('with what is not evaluated here is refused by name', () => {
    expect(() => policy({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })).toThrow(
      'unsupported: the condition Bool with aws:SecureTransport in a policy, only IpAddress and NotIpAddress with ' +
        'aws:SourceIp',
    );
    expect(() => policy({ Principal: undefined, NotPrincipal: '*' })).toThrow('unsupported: NotPrincipal');
  });

  test('is open when it lets anybody in from anywhere', () => {
    expect(isOpen(policy({}))).toBe(true);
    expect(isOpen(policy({ Principal: '*' }))).toBe(true);
    expect(isOpen(policy(fromMe, { Effect: 'Deny' }, { Principal: { AWS: OTHER.accountId } }))).toBe(false);
  });
});
