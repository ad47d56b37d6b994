import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';

const ENVIRONMENT = {
  AWS_SQS_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/event-message-queue',
  AWS_RDS_URL: 'db.example',
  AWS_RDS_ID: 'root',
  AWS_RDS_PASSWORD: 'secret',
  AWS_RDS_DBNAME: 'event_db',
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'collector-config-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'collector.ini');
  writeFileSync(path, text);
  return path;
}

describe('the configuration', () => {
  test('comes from the environment, with defaults for what everybody has', () => {
    expect(readConfig(ENVIRONMENT)).toEqual({
      host: '127.0.0.1',
      port: 8000,
      region: 'eu-west-1',
      queueUrl: ENVIRONMENT.AWS_SQS_URL,
      credentials: undefined,
      endpoint: undefined,
      database: { host: 'db.example', port: 3306, user: 'root', password: 'secret', database: 'event_db' },
    });
  });

  test('comes from an ini file with the workshop’s sections', () => {
    const example = readFileSync(new URL('collector.ini.example', import.meta.url), 'utf8');
    const text = example
      .replace('; AWS_ACCESS_KEY_ID = AKIA…', 'AWS_ACCESS_KEY_ID = AKIA1')
      .replace('; AWS_SECRET_ACCESS_KEY = …', 'AWS_SECRET_ACCESS_KEY = s/e+c');
    expect(readConfig({ COLLECTOR_CONFIG: file(text) })).toMatchObject({
      region: 'ap-northeast-2',
      queueUrl: 'https://sqs.ap-northeast-2.amazonaws.com/123456789012/event-message-queue',
      credentials: { accessKeyId: 'AKIA1', secretAccessKey: 's/e+c' },
      database: { user: 'collector', password: 'change me', port: 3306, database: 'event_db' },
    });
  });

  test('takes what the environment says over the file, and the file over what is empty there', () => {
    const COLLECTOR_CONFIG = file('[AWS_RDS]\nAWS_RDS_PASSWORD = "of;file"\nAWS_RDS_PORT = 3307\n');
    const { database } = readConfig({ ...ENVIRONMENT, COLLECTOR_CONFIG, AWS_RDS_PASSWORD: '', AWS_RDS_PORT: '3308' });
    expect(database).toMatchObject({ password: 'of;file', port: 3308 });
  });

  test('leaves the credentials to the SDK when the environment has some, for a token may belong to them', () => {
    const COLLECTOR_CONFIG = file('[AWS_DEFAULT]\nAWS_ACCESS_KEY_ID = A\nAWS_SECRET_ACCESS_KEY = B\n');
    expect(readConfig({ ...ENVIRONMENT, COLLECTOR_CONFIG, AWS_ACCESS_KEY_ID: 'C' }).credentials).toBeUndefined();
  });

  test.each([
    [{ AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-west-2' }, 'us-east-1'],
    [{ AWS_DEFAULT_REGION: 'us-west-2' }, 'us-west-2'],
    [{ AWS_SQS_URL: 'http://localhost:4566/000000000000/q' }, 'ap-northeast-2'],
  ])('with %o is for the region %s', (settings, region) => {
    expect(readConfig({ ...ENVIRONMENT, ...settings }).region).toBe(region);
  });

  test('is for an endpoint of one’s own if AWS_ENDPOINT_URL says so', () => {
    const AWS_ENDPOINT_URL = 'http://localhost:4566';
    expect(readConfig({ ...ENVIRONMENT, AWS_ENDPOINT_URL }).endpoint).toBe(AWS_ENDPOINT_URL);
  });

  test('names everything that is missing, and where it belongs', () => {
    expect(() => readConfig({ AWS_RDS_URL: 'db.example' })).toThrow(
      'AWS_SQS_URL is missing. AWS_RDS_ID is missing. AWS_RDS_PASSWORD is missing. AWS_RDS_DBNAME is missing. Set it in the environment, or in an ini file that COLLECTOR_CONFIG names; collector.ini.example shows how.',
    );
  });

  test.each([
    [{ PORT: '80a' }, 'PORT must be a number from 0 to 65535, not 80a.'],
    [{ AWS_RDS_PORT: '0' }, 'AWS_RDS_PORT must be a number from 1 to 65535, not 0.'],
    [{ AWS_SQS_URL: 'event-message-queue' }, 'AWS_SQS_URL is no URL: event-message-queue.'],
    [{ AWS_SQS_NAME: 'other' }, 'AWS_SQS_NAME says other, but AWS_SQS_URL is that of event-message-queue.'],
    [
      { AWS_SQS_ARN: 'arn:aws:sqs:eu-west-1:1:other' },
      'AWS_SQS_ARN says other, but AWS_SQS_URL is that of event-message-queue.',
    ],
    [{ COLLECTOR_CONFIG: '/nowhere/collector.ini' }, 'The file that COLLECTOR_CONFIG names cannot be read: ENOENT'],
  ])('with %o is refused with a reason', (settings, reason) => {
    expect(() => readConfig({ ...ENVIRONMENT, ...settings })).toThrow(reason);
  });

  test.each([
    ['[AWS_S3]\nX = 1\n', 'AWS_S3 is none of the sections AWS_DEFAULT, AWS_SQS, AWS_RDS.'],
    ['AWS_SQS_URL = x\n', 'AWS_SQS_URL is none of the sections AWS_DEFAULT, AWS_SQS, AWS_RDS.'],
    [
      '[AWS_SQS]\nAWS_SQS_URI = x\n',
      'AWS_SQS_URI is no setting of [AWS_SQS], only AWS_SQS_NAME, AWS_SQS_ARN, AWS_SQS_URL.',
    ],
  ])('with the file %j is refused with a reason', (text, reason) => {
    expect(() => readConfig({ ...ENVIRONMENT, COLLECTOR_CONFIG: file(text) })).toThrow(reason);
  });

  test('never repeats the password', () => {
    const attempt = () => readConfig({ AWS_RDS_PASSWORD: 'hunter2', AWS_RDS_PORT: 'x', PORT: 'y' });
    expect(attempt).toThrow('AWS_RDS_URL is missing.');
    expect(attempt).not.toThrow('hunter2');
  });
});
