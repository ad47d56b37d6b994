import { Readable } from 'node:stream';
import { FirehoseClient, PutRecord$, PutRecordCommand, ResourceNotFoundException } from '@aws-sdk/client-firehose';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { readAll } from './body.ts';
import type { Emulator } from './emulator.ts';
import { causeOf, withNotes } from './headers.ts';
import type { EdgeRequest } from './http.ts';
import { AwsError, ConnectionReset } from './index.ts';
import { recorded, testEdge } from './testing.ts';

const firehose = (operation: Emulator['operations'][number]): Emulator => ({
  service: 'firehose',
  protocol: { kind: 'json', version: '1.1', targetPrefix: 'Firehose_20150804' },
  operations: [operation],
});
const input = { DeliveryStreamName: 's', Record: { Data: new Uint8Array([1, 2]) } };

describe('an SDK client made for a caller inside', () => {
  test('reaches emulators without a connection, and brings notes along', async () => {
    const seen: unknown[] = [];
    const put = recorded(PutRecord$, (_input, { request, region, accountId }) => {
      seen.push({ internal: request.internal, cause: causeOf(request), lock: request.lock, region, accountId });
      return { RecordId: 'r' };
    });
    await using bench = await testEdge({}, [firehose(put)]);
    const client = bench.edge.access.client(FirehoseClient, 'ap-northeast-2');
    await bench.edge.close();
    const answer = await client.send(new PutRecordCommand(input), withNotes({ cause: 42 }));
    await client.send(new PutRecordCommand(input));
    expect(answer.RecordId).toBe('r');
    expect(put.inputs).toEqual([input, input]);
    const common = { internal: true, lock: undefined, region: 'ap-northeast-2', accountId: '000000000000' };
    expect(seen).toEqual([
      { ...common, cause: 42 },
      { ...common, cause: undefined },
    ]);
  });

  test('is the same one for the same class and region', async () => {
    await using bench = await testEdge();
    const { access } = bench.edge;
    expect(access.client(FirehoseClient)).toBe(access.client(FirehoseClient, 'us-east-1'));
    expect(access.client(FirehoseClient)).not.toBe(access.client(FirehoseClient, 'eu-west-1'));
    expect(access.client(FirehoseClient)).not.toBe(access.client(S3Client));
  });

  test('sends and receives streams; a bucket stands in the path', async () => {
    await using bench = await testEdge();
    const targets: string[] = [];
    let stored: Buffer = Buffer.alloc(0);
    bench.edge.use(async (request) => {
      targets.push(`${request.method} ${request.target}`);
      if (request.method === 'PUT') stored = await request.body.bytes();
      return { status: 200, headers: {}, body: request.method === 'PUT' ? '' : stored };
    });
    const s3 = bench.edge.access.client(S3Client);
    const chunks = [Buffer.from('more '), Buffer.from('than one')];
    const Body = Readable.from(chunks, { objectMode: false });
    await s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'a key/x', Body, ContentLength: 13 }));
    const { Body: answer } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'a key/x' }));
    expect(await answer?.transformToString()).toBe('more than one');
    expect(targets).toEqual(['PUT /b/a%20key/x?x-id=PutObject', 'GET /b/a%20key/x?x-id=GetObject']);
  });

  test('fails as over a connection when the answer is lost, and when it is aborted', async () => {
    const put = recorded(PutRecord$, () => ({ RecordId: 'r' }));
    await using bench = await testEdge({}, [firehose(put)]);
    bench.edge.use(async (request, _subject, next) => {
      await next(request);
      throw new ConnectionReset();
    });
    const client = bench.edge.access.client(FirehoseClient);
    await expect(client.send(new PutRecordCommand(input))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(put.inputs).toHaveLength(1);
    const sending = client.send(new PutRecordCommand(input), { abortSignal: AbortSignal.abort() });
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
    expect(put.inputs).toHaveLength(1);
  });
});

describe('a request that a caller inside makes itself', () => {
  test('goes to the service it names, with its body and headers', async () => {
    await using bench = await testEdge();
    const seen: unknown[] = [];
    bench.edge.use(async (request: EdgeRequest, subject) => {
      const body = (await readAll(request.body.stream())).toString();
      seen.push({ ...subject, body, x: request.headers['x-y'], length: request.headers['content-length'] });
      return { status: 201, headers: { 'X-Two': ['1', '2'] }, body: Readable.from([Buffer.from('한')]) };
    });
    const answer = await bench.edge.access.send({
      service: 'sqs',
      region: 'eu-west-1',
      method: 'POST',
      target: '/000000000000/queue?Action=SendMessage',
      headers: { 'X-Y': 'z' },
      body: 'MessageBody=냇물',
    });
    expect(answer).toEqual({ status: 201, headers: { 'x-two': '1, 2' }, body: Buffer.from('한') });
    expect(seen).toEqual([
      {
        route: { kind: 'service', service: 'sqs', scope: { accessKeyId: 'test', region: 'eu-west-1', service: 'sqs' } },
        service: 'sqs',
        operation: 'SendMessage',
        body: 'MessageBody=냇물',
        x: 'z',
        length: '18',
      },
    ]);
  });
});

describe('the input and output of an operation', () => {
  const output = { RecordId: 'r', Encrypted: false };
  const request = (service = 'firehose') => {
    const call = {
      texts: 0,
      service,
      region: 'us-east-1',
      method: 'POST',
      target: '/',
      headers: { 'x-amz-target': 'Firehose_20150804.PutRecord' },
      input,
      get body() {
        call.texts++;
        return JSON.stringify({ DeliveryStreamName: 's', Record: { Data: 'AQI=' } });
      },
    };
    return call;
  };

  test('are handed over as they are where an emulator of ours answers', async () => {
    const put = recorded(PutRecord$, () => output);
    await using bench = await testEdge({}, [firehose(put)]);
    const { access } = bench.edge;
    const call = request();
    const answer = await access.send(call);
    expect(put.inputs[0]).toBe(input);
    expect(answer.output).toBe(output);
    expect({ status: answer.status, body: answer.body.toString(), texts: call.texts }).toEqual({
      status: 200,
      body: '',
      texts: 0,
    });
    const told = await access.client(FirehoseClient).send(new PutRecordCommand(input));
    expect(told).toEqual({
      ...output,
      $metadata: expect.objectContaining({ httpStatusCode: 200, requestId: expect.any(String) }),
    });
    expect(put.inputs).toEqual([input, input]);
  });

  test('are text to whoever stands in between', async () => {
    const put = recorded(PutRecord$, () => output);
    await using bench = await testEdge({}, [firehose(put)]);
    const seen: string[] = [];
    bench.edge.use(async (given, _subject, next) => {
      const answer = await next(given);
      seen.push((await given.body.bytes()).toString(), String(answer.body));
      return answer;
    });
    const { access } = bench.edge;
    const call = request();
    const answer = await access.send(call);
    expect(answer.output).toBeUndefined();
    expect(JSON.parse(answer.body.toString())).toEqual(output);
    expect(await access.client(FirehoseClient).send(new PutRecordCommand(input))).toMatchObject(output);
    expect(put.inputs).toEqual([input, input]);
    const text = '{"DeliveryStreamName":"s","Record":{"Data":"AQI="}}';
    expect(seen).toEqual([text, JSON.stringify(output), text, JSON.stringify(output)]);
  });

  test('are text to everybody else', async () => {
    await using bench = await testEdge();
    const call = request('kinesis');
    const answer = await bench.edge.access.send(call);
    expect(call.texts).toBe(1);
    expect(answer.output).toBeUndefined();
    expect(answer.status).toBeGreaterThanOrEqual(500);
  });

  test('an error is told as ever', async () => {
    const put = recorded(PutRecord$, () => {
      throw new AwsError('ResourceNotFoundException', 'There is no such stream.');
    });
    await using bench = await testEdge({}, [firehose(put)]);
    const { access } = bench.edge;
    const { status, body, output: none } = await access.send(request());
    expect({ status, none, ...JSON.parse(body.toString()) }).toEqual({
      status: 400,
      none: undefined,
      __type: 'ResourceNotFoundException',
      message: 'There is no such stream.',
    });
    const sending = access.client(FirehoseClient).send(new PutRecordCommand(input));
    await expect(sending).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});
