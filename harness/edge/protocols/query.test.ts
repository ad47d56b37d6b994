import { GetMetricStatistics$, PutMetricData$ } from '@aws-sdk/client-cloudwatch';
import { AddTagsToResource$, DescribeDBInstances$, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetQueueAttributes$, ListQueues$, PurgeQueue$, ReceiveMessage$, SendMessage$ } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../aws-error.ts';
import type { Emulator, Operation } from '../emulator.ts';
import { recorded, sdk, testEdge } from '../testing.ts';

const monitoring = (...operations: Operation[]): Emulator => ({
  service: 'monitoring',
  protocol: { kind: 'json', version: '1.0', targetPrefix: 'GraniteServiceVersion20100801' },
  operations,
});

const call = (url: string, body: string, accept = '*/*') =>
  fetch(url, {
    method: 'POST',
    body,
    headers: {
      accept,
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20220127/us-east-1/monitoring/aws4_request, SignedHeaders=host',
    },
  });

describe('AWS Query, for the clients of JSON services that still speak it', () => {
  test('reads structures, lists, instants and numbers from a form, and writes them as XML', async () => {
    const Timestamp = new Date('2022-01-27T05:48:00Z');
    const get = recorded(GetMetricStatistics$, () => ({
      Label: 'a<b&c',
      Datapoints: [{ Timestamp, Sum: 7.5, Unit: 'Count', ExtendedStatistics: { 'p99.9': 2 } }],
    }));
    await using bench = await testEdge({}, [monitoring(get)]);
    const dimensions = [...Array(11).keys()].map(
      (n) => `Dimensions.member.${n + 1}.Name=n${n}&Dimensions.member.${n + 1}.Value=v+${n}`,
    );
    const answer = await call(
      bench.url,
      'Action=GetMetricStatistics&Version=2010-08-01&Namespace=AWS%2FKinesis&MetricName=IncomingRecords&' +
        `StartTime=2022-01-27T05%3A00%3A00Z&EndTime=2022-01-27T06:00:00.5Z&Period=60&Statistics.member.1=Sum&${dimensions.join('&')}`,
    );
    expect(get.inputs).toEqual([
      {
        Namespace: 'AWS/Kinesis',
        MetricName: 'IncomingRecords',
        StartTime: new Date('2022-01-27T05:00:00Z'),
        EndTime: new Date('2022-01-27T06:00:00.5Z'),
        Period: 60,
        Statistics: ['Sum'],
        Dimensions: [...Array(11).keys()].map((n) => ({ Name: `n${n}`, Value: `v ${n}` })),
      },
    ]);
    expect(answer.headers.get('content-type')).toBe('text/xml');
    expect(await answer.text()).toBe(
      '<GetMetricStatisticsResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><GetMetricStatisticsResult>' +
        '<Label>a&lt;b&amp;c</Label><Datapoints><member><Timestamp>2022-01-27T05:48:00Z</Timestamp><Sum>7.5</Sum>' +
        '<Unit>Count</Unit><ExtendedStatistics><entry><key>p99.9</key><value>2</value></entry></ExtendedStatistics>' +
        '</member></Datapoints></GetMetricStatisticsResult><ResponseMetadata>' +
        `<RequestId>${answer.headers.get('x-amzn-requestid')}</RequestId></ResponseMetadata></GetMetricStatisticsResponse>`,
    );
  });

  test('answers in JSON who asks for it: null for what has no value, in the order of names', async () => {
    const Timestamp = new Date('2022-01-27T05:48:00.5Z');
    const get = recorded(GetMetricStatistics$, () => ({ Label: 'a<b', Datapoints: [{ Timestamp, Sum: 7.5 }] }));
    await using bench = await testEdge({}, [
      monitoring(
        get,
        recorded(PutMetricData$, () => undefined),
      ),
    ]);
    const ask = (form: string, accept: string) => call(bench.url, form, accept);
    const answer = await ask('Action=GetMetricStatistics&Version=2010-08-01&Namespace=n', 'application/json');
    expect(answer.headers.get('content-type')).toBe('application/json');
    const RequestId = answer.headers.get('x-amzn-requestid');
    expect(await answer.text()).toBe(
      '{"GetMetricStatisticsResponse":{"GetMetricStatisticsResult":{"Datapoints":[{"Average":null,' +
        '"ExtendedStatistics":null,"Maximum":null,"Minimum":null,"SampleCount":null,"Sum":7.5,' +
        '"Timestamp":1643262480.5,"Unit":null}],"Label":"a<b"},' +
        `"ResponseMetadata":{"RequestId":"${RequestId}"}}}`,
    );
    expect(await (await ask('Action=PutMetricData&Namespace=n', 'application/json')).json()).toEqual({
      PutMetricDataResponse: { ResponseMetadata: { RequestId: expect.any(String) } },
    });
    const error = await ask('Action=ListDashboards', 'application/json');
    expect([error.status, await error.json()]).toEqual([
      400,
      {
        Error: {
          Code: 'InvalidAction',
          Message: 'naetmul does not support ListDashboards of monitoring.',
          Type: 'Sender',
        },
        RequestId: error.headers.get('x-amzn-requestid'),
      },
    ]);
    for (const accept of ['*/*', 'application/xml', 'text/xml, application/json']) {
      expect((await ask('Action=PutMetricData&Namespace=n', accept)).headers.get('content-type')).toBe('text/xml');
    }
  });

  test('answers an operation without output with no result', async () => {
    await using bench = await testEdge({}, [monitoring(recorded(PutMetricData$, () => undefined))]);
    const answer = await call(bench.url, 'Action=PutMetricData&Version=2010-08-01&Namespace=n');
    expect(answer.status).toBe(200);
    expect(await answer.text()).not.toContain('Result');
  });

  test.each([
    [
      'Action=GetMetricStatistics&Period=often',
      'MalformedInput',
      'The value of Period cannot be read: it is not a number',
    ],
    ['Action=ListDashboards', 'InvalidAction', 'naetmul does not support ListDashboards of monitoring.'],
    ['x=y', 'InvalidAction', 'naetmul does not support a request without Action of monitoring.'],
    ['Action=GetMetricStatistics&Period=7', 'InvalidParameterValue', 'The value 7 for parameter Period is wrong.'],
  ])('answers %s with %s, the code that Query clients know', async (form, code, message) => {
    const get = recorded(GetMetricStatistics$, () => {
      throw new AwsError('InvalidParameterValueException', 'The value 7 for parameter Period is wrong.');
    });
    await using bench = await testEdge({}, [monitoring(get)]);
    const answer = await call(bench.url, form);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`,
    );
  });
});

describe('AWS Query, for a service that speaks nothing else', () => {
  const rds = (...operations: Operation[]): Emulator => ({ service: 'rds', protocol: { kind: 'query' }, operations });
  const authorization = 'AWS4-HMAC-SHA256 Credential=test/20220127/us-east-1/rds/aws4_request, SignedHeaders=host';

  test('answers the SDK, with the names that the service gives to the items of its lists', async () => {
    const describeInstances = recorded(DescribeDBInstances$, () => ({
      DBInstances: [
        { DBInstanceIdentifier: 'a', Endpoint: { Address: '127.0.0.1', Port: 3306 }, MultiAZ: false },
        { DBInstanceIdentifier: 'b', InstanceCreateTime: new Date('2022-01-27T05:48:00Z') },
      ],
    }));
    await using bench = await testEdge({}, [rds(describeInstances)]);
    const client = new RDSClient(sdk(bench.url));
    const answer = await client.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'a', Filters: [{ Name: 'engine', Values: ['mysql'] }] }),
    );
    client.destroy();
    expect(describeInstances.inputs).toEqual([
      { DBInstanceIdentifier: 'a', Filters: [{ Name: 'engine', Values: ['mysql'] }] },
    ]);
    expect(answer.DBInstances).toEqual([
      { DBInstanceIdentifier: 'a', Endpoint: { Address: '127.0.0.1', Port: 3306 }, MultiAZ: false },
      { DBInstanceIdentifier: 'b', InstanceCreateTime: new Date('2022-01-27T05:48:00Z') },
    ]);
  });

  test('takes items also under the name that every list knows', async () => {
    const add = recorded(AddTagsToResource$, () => undefined);
    await using bench = await testEdge({}, [rds(add)]);
    const answer = await fetch(bench.url, {
      method: 'POST',
      body: 'Action=AddTagsToResource&Version=2014-10-31&ResourceName=r&Tags.member.1.Key=k&Tags.member.1.Value=v',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
    });
    expect(answer.status).toBe(200);
    expect(add.inputs).toEqual([{ ResourceName: 'r', Tags: [{ Key: 'k', Value: 'v' }] }]);
  });

  test('gives an error the code that its model has for it, and refuses what it does not know in XML', async () => {
    const refused = recorded(DescribeDBInstances$, () => {
      throw new AwsError('DBInstanceNotFoundFault', 'DBInstance a not found.', 404);
    });
    await using bench = await testEdge({}, [rds(refused)]);
    const client = new RDSClient(sdk(bench.url));
    await expect(client.send(new DescribeDBInstancesCommand({}))).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
      Code: 'DBInstanceNotFound',
      message: 'DBInstance a not found.',
      $metadata: { httpStatusCode: 404 },
    });
    client.destroy();
    const answer = await fetch(bench.url, { headers: { authorization } });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(
      '<Code>InvalidAction</Code><Message>naetmul does not support a request without Action of rds.</Message>',
    );
  });
});

const queues = (...operations: Operation[]): Emulator => ({
  service: 'sqs',
  protocol: { kind: 'json', version: '1.0', targetPrefix: 'AmazonSQS', queryCompatible: true },
  operations,
});

const QUEUE = '/000000000000/brook';

describe('a service whose lists and maps are flat, as those of SQS are', () => {
  test('their members are read from numbers behind one name, unsigned at the queue’s own address', async () => {
    const send = recorded(SendMessage$, () => ({ MessageId: 'm' }));
    const get = recorded(GetQueueAttributes$, () => ({ Attributes: { DelaySeconds: '0', Policy: '{"a":1}' } }));
    await using bench = await testEdge({}, [queues(send, get)]);
    const form = new URLSearchParams({
      Action: 'SendMessage',
      MessageBody: 'a\r\nb',
      DelaySeconds: '5',
      'MessageAttribute.1.Name': 'n',
      'MessageAttribute.1.Value.DataType': 'Number',
      'MessageAttribute.1.Value.StringValue': '7',
      'MessageAttribute.2.Name': 'b',
      'MessageAttribute.2.Value.DataType': 'Binary',
      'MessageAttribute.2.Value.BinaryValue': 'AAE=',
    });
    expect((await fetch(bench.url + QUEUE, { method: 'POST', body: form })).status).toBe(200);
    expect(send.inputs).toEqual([
      {
        MessageBody: 'a\r\nb',
        DelaySeconds: 5,
        MessageAttributes: {
          n: { DataType: 'Number', StringValue: '7' },
          b: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1]) },
        },
      },
    ]);
    const query = '?Action=GetQueueAttributes&Version=2012-11-05&AttributeName.1=DelaySeconds&AttributeName.2=Policy';
    const answer = await (await fetch(bench.url + QUEUE + query)).text();
    expect(get.inputs).toEqual([{ AttributeNames: ['DelaySeconds', 'Policy'] }]);
    expect(answer).toContain(
      '<GetQueueAttributesResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><GetQueueAttributesResult>' +
        '<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>' +
        '<Attribute><Name>Policy</Name><Value>{"a":1}</Value></Attribute></GetQueueAttributesResult>',
    );
    const json = async (form: string) => {
      const answer = await fetch(`${bench.url + QUEUE}?${form}`, { headers: { accept: 'application/json' } });
      return (await answer.text()).replace(answer.headers.get('x-amzn-requestid') ?? '?', 'R');
    };
    expect(await json('Action=GetQueueAttributes')).toBe(
      '{"GetQueueAttributesResponse":{"GetQueueAttributesResult":{"Attributes":[{"Name":"DelaySeconds","Value":"0"},' +
        '{"Name":"Policy","Value":"{\\"a\\":1}"}]},"ResponseMetadata":{"RequestId":"R"}}}',
    );
  });

  test('names the lists of SQS in JSON as SQS does', async () => {
    const message = { MessageId: 'm', Body: 'a', Attributes: { SenderId: 's' } };
    const answers = [{ Messages: [message] }, { Messages: [] }, {}];
    const receive = recorded(ReceiveMessage$, () => answers.shift());
    await using bench = await testEdge({}, [queues(receive)]);
    const told = async () => {
      const headers = { accept: 'application/json' };
      const answer = await fetch(`${bench.url + QUEUE}?Action=ReceiveMessage`, { headers });
      return ((await answer.json()) as { ReceiveMessageResponse: { ReceiveMessageResult: unknown } })
        .ReceiveMessageResponse.ReceiveMessageResult;
    };
    expect(await told()).toEqual({
      messages: [
        {
          Attributes: [{ Name: 'SenderId', Value: 's' }],
          Body: 'a',
          MD5OfBody: null,
          MD5OfMessageAttributes: null,
          MessageAttributes: null,
          MessageId: 'm',
          ReceiptHandle: null,
        },
      ],
    });
    expect(await told()).toEqual({ messages: null });
    expect(await told()).toEqual({ messages: null });
  });

  test('lists are written flat, and a carriage return survives XML', async () => {
    const list = recorded(ListQueues$, () => ({ QueueUrls: ['one', 'two\r'] }));
    await using bench = await testEdge({}, [queues(list)]);
    const answer = await fetch(`${bench.url + QUEUE}?Action=ListQueues`);
    expect(await answer.text()).toContain(
      '<ListQueuesResult><QueueUrl>one</QueueUrl><QueueUrl>two&#xD;</QueueUrl></ListQueuesResult>',
    );
  });

  test.each([
    ['PurgeQueueInProgress', 403, 'AWS.SimpleQueueService.PurgeQueueInProgress', 'com.amazonaws.sqs'],
    ['InvalidParameterValueException', 400, 'InvalidParameterValue', 'com.amazon.coral.service'],
    ['MissingRequiredParameterException', 400, 'MissingParameter', 'com.amazon.coral.service'],
  ])('%s goes by its old code in XML and in the header of a JSON answer', async (code, status, old, namespace) => {
    const purge = recorded(PurgeQueue$, () => {
      throw new AwsError(code, 'No.', status);
    });
    await using bench = await testEdge({}, [queues(purge)]);
    const xml = await fetch(`${bench.url + QUEUE}?Action=PurgeQueue`);
    expect(xml.status).toBe(status);
    expect(await xml.text()).toContain(`<Error><Type>Sender</Type><Code>${old}</Code><Message>No.</Message></Error>`);

    const headers = { 'x-amz-target': 'AmazonSQS.PurgeQueue', 'content-type': 'application/x-amz-json-1.0' };
    const json = await fetch(bench.url, { method: 'POST', headers, body: '{}' });
    expect(json.status).toBe(400);
    expect(json.headers.get('x-amzn-query-error')).toBe(`${old};Sender`);
    expect(json.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    expect(await json.json()).toEqual({ __type: `${namespace}#${code}`, message: 'No.' });

    const aware = { ...headers, 'x-amzn-query-mode': 'true' };
    expect((await fetch(bench.url, { method: 'POST', headers: aware, body: '{}' })).status).toBe(status);
  });
});
