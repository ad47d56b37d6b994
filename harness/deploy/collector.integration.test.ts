import { fileURLToPath } from 'node:url';
import { GetEventSourceMappingCommand, GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Deployed, deploy, loadTemplate } from './index.ts';
import { checkTemplate } from './template/load.ts';
import { parseTemplateText } from './template/parse.ts';
import { type TestAws, testAws } from './testing.ts';

const SERVICE = new URL('../../services/collector/', import.meta.url);
const TEMPLATE = fileURLToPath(new URL('template.yaml', SERVICE));
const PASSWORD = '0123456789abcdef0123456789abcdef';

let aws: TestAws;
let collector: Deployed;

const make = async () => {
  const template = await loadTemplate(TEMPLATE, { secretOf: () => PASSWORD });
  return deploy(template, { ...aws.options, schemaDir: fileURLToPath(new URL('sql', SERVICE)) });
};

beforeAll(async () => {
  aws = await testAws('collector', { mysql: true });
  collector = await make();
});

afterAll(async () => {
  await aws?.[Symbol.asyncDispose]();
});

async function rows(query: string): Promise<unknown> {
  const { DatabaseAddress: host = '', DatabasePort, DatabaseName: database = '' } = collector.outputs;
  const user = 'collector';
  const connection = await createConnection({ host, port: Number(DatabasePort), user, password: PASSWORD, database });
  try {
    return (await connection.query(query))[0];
  } finally {
    connection.destroy();
  }
}

describe('the collector’s template', () => {
  test('has the outputs that its users rely on, and no secret among them', () => {
    const queue = (name: string) => expect.stringMatching(new RegExp(`^http://\\S+/000000000000/${name}$`));
    expect(collector.outputs).toEqual({
      QueueUrl: queue('event-message-queue'),
      QueueArn: 'arn:aws:sqs:ap-northeast-2:000000000000:event-message-queue',
      DeadLetterQueueUrl: queue('event-message-dead-letter-queue'),
      NaiveQueueUrl: queue('event-message-queue-naive'),
      NaiveDeadLetterQueueUrl: queue('event-message-dead-letter-queue-naive'),
      DatabaseAddress: '127.0.0.1',
      DatabasePort: expect.stringMatching(/^\d+$/),
      DatabaseName: 'event_db',
      WorkerName: 'collector-worker',
      NaiveWorkerName: 'collector-naive',
    });
  });

  test('has its queues, with what is to become of messages that fail', async () => {
    const { Attributes } = await aws.edge.access
      .client(SQSClient)
      .send(new GetQueueAttributesCommand({ QueueUrl: collector.outputs.QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes?.VisibilityTimeout).toBe('60');
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:ap-northeast-2:000000000000:event-message-dead-letter-queue',
      maxReceiveCount: 4,
    });
  });

  test('has its functions, which run from the folder that they are written in', async () => {
    const lambda = aws.edge.access.client(LambdaClient);
    const { Configuration, Tags } = await lambda.send(new GetFunctionCommand({ FunctionName: 'collector-worker' }));
    expect(Configuration).toMatchObject({
      State: 'Active',
      Handler: 'worker/handler.handler',
      Runtime: 'nodejs22.x',
      Timeout: 10,
      Role: expect.stringMatching(/^arn:aws:iam::000000000000:role\/collector-WorkerRole-/),
      Environment: { Variables: { AWS_RDS_DBNAME: 'event_db', AWS_RDS_PASSWORD: PASSWORD } },
    });
    expect(Tags).toEqual({ 'lambda:createdBy': 'SAM' });
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: 'collector-worker', Payload: JSON.stringify({ Records: [] }) }),
    );
    expect(answer.FunctionError).toBeUndefined();
  });

  test('has its mappings, which are enabled', async () => {
    const UUID = collector.resources.find(({ logicalId }) => logicalId === 'WorkerMessages')?.physicalId;
    const mapping = await aws.edge.access.client(LambdaClient).send(new GetEventSourceMappingCommand({ UUID }));
    expect(mapping).toMatchObject({
      State: 'Enabled',
      BatchSize: 10,
      EventSourceArn: collector.outputs.QueueArn,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('has the tables of its schema', async () => {
    expect(await rows('SELECT name FROM schema_migrations ORDER BY number')).toEqual([
      { name: '001-events.sql' },
      { name: '002-naive-events.sql' },
    ]);
  });

  test('brings a message into the database', async () => {
    const event_datetime = '2022-01-27T05:48:25.123456Z';
    const event = { event_id: 'e1', event: 'purchase', user_id: '물', event_datetime, parameters: null };
    await aws.edge.access
      .client(SQSClient)
      .send(new SendMessageCommand({ QueueUrl: collector.outputs.NaiveQueueUrl, MessageBody: JSON.stringify(event) }));
    await vi.waitFor(
      async () => {
        const found = await rows('SELECT event_id, user_id FROM naive_events');
        expect(found).toEqual([{ event_id: 'e1', user_id: '물' }]);
      },
      { timeout: 20_000 },
    );
  });

  test('survives the loss of LocalStack with its rows', async () => {
    await aws.loseLocalStack();
    aws.progress.length = 0;
    await collector.redeploy();
    expect(aws.progress.toSorted()).toEqual([
      'collector: made NaiveWorkerRole (AWS::IAM::Role)',
      'collector: made WorkerRole (AWS::IAM::Role)',
    ]);
    expect(await rows('SELECT event_id FROM naive_events')).toHaveLength(1);
  });

  test('can be removed and made anew, empty', async () => {
    await collector.undeploy();
    expect(collector.resources).toEqual([]);
    // SQS remembers for a minute which queues it had.
    await aws.resetEmulators();
    collector = await make();
    expect(await rows('SELECT COUNT(*) AS count FROM naive_events')).toEqual([{ count: 0 }]);
  });
});

describe('a DB instance', () => {
  const other = async (properties: string) => {
    const text = `
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    Properties:
      DBInstanceClass: db.t4g.micro
      Engine: mysql
      MasterUsername: other
      MasterUserPassword: other-secret
      ${properties}
`;
    const template = await checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml');
    return deploy(template, { ...aws.options, name: 'other' });
  };

  test('is removed also when it is protected, for a bench keeps nothing', async () => {
    const deployed = await other('DBName: other_db\n      DeletionProtection: true');
    expect(deployed.resources).toEqual([
      { logicalId: 'Db', type: 'AWS::RDS::DBInstance', physicalId: expect.stringMatching(/^other-db-[a-z0-9]{12}$/) },
    ]);
    await deployed.undeploy();
    const { DBInstances = [] } = await aws.edge.access.client(RDSClient).send(new DescribeDBInstancesCommand({}));
    expect(DBInstances.map(({ DBName }) => DBName)).toEqual(['event_db']);
  });

  test('that wants another one’s database is not made, and the error says whose it is', async () => {
    await expect(other('DBName: event_db')).rejects.toMatchObject({
      code: 'DEPLOY_FAILED',
      message: expect.stringMatching(
        /^t\.yaml:3: Db \(AWS::RDS::DBInstance\) could not be made: InvalidParameterValue: The DBName event_db is that of /,
      ),
    });
  });
});
