import {
  DescribeDeliveryStream$,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreams$,
  ListDeliveryStreamsCommand,
  PutRecord$,
  PutRecordBatch$,
  PutRecordBatchCommand,
  PutRecordCommand,
  ResourceNotFoundException,
  TagDeliveryStream$,
  TagDeliveryStreamCommand,
} from '@aws-sdk/client-firehose';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../aws-error.ts';
import type { Emulator, Operation } from '../emulator.ts';
import { recorded, sdk, testEdge } from '../testing.ts';

function firehose(...operations: Operation[]): Emulator {
  return {
    service: 'firehose',
    protocol: { kind: 'json', version: '1.1', targetPrefix: 'Firehose_20150804' },
    operations,
  };
}

const post = (url: string, operation: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `Firehose_20150804.${operation}`,
      ...headers,
    },
    body,
  });

describe('AWS JSON', () => {
  test('what the SDK sends arrives typed, and what is answered is read back equal', async () => {
    const put = recorded(PutRecord$, () => ({ RecordId: 'a'.repeat(224), Encrypted: false }));
    await using bench = await testEdge({}, [firehose(put)]);
    const client = new FirehoseClient(sdk(bench.url));
    const Data = Buffer.from([0, 1, 254, 255]);
    const answer = await client.send(new PutRecordCommand({ DeliveryStreamName: '냇물', Record: { Data } }));
    expect(put.inputs).toEqual([{ DeliveryStreamName: '냇물', Record: { Data: new Uint8Array(Data) } }]);
    expect(answer).toMatchObject({ RecordId: 'a'.repeat(224), Encrypted: false });
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('any batch of records survives the way there, and any instant the way back', async () => {
    const describeStream = recorded(DescribeDeliveryStream$, ({ DeliveryStreamName }) => ({
      DeliveryStreamDescription: {
        DeliveryStreamName,
        DeliveryStreamARN: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/x',
        DeliveryStreamStatus: 'ACTIVE',
        DeliveryStreamType: 'DirectPut',
        VersionId: '1',
        CreateTimestamp: new Date(Number(DeliveryStreamName)),
        Destinations: [],
        HasMoreDestinations: false,
      },
    }));
    const batch = recorded(PutRecordBatch$, () => ({ FailedPutCount: 0, RequestResponses: [] }));
    await using bench = await testEdge({}, [firehose(describeStream, batch)]);
    const client = new FirehoseClient(sdk(bench.url));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        async (blobs, instant) => {
          batch.inputs.length = 0;
          const Records = blobs.map((Data) => ({ Data }));
          await client.send(new PutRecordBatchCommand({ DeliveryStreamName: 's', Records }));
          expect(batch.inputs).toEqual([{ DeliveryStreamName: 's', Records }]);
          const { DeliveryStreamDescription } = await client.send(
            new DescribeDeliveryStreamCommand({ DeliveryStreamName: String(instant) }),
          );
          expect(DeliveryStreamDescription?.CreateTimestamp).toEqual(new Date(instant));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('an empty output is an empty object', async () => {
    await using bench = await testEdge({}, [firehose(recorded(TagDeliveryStream$, () => undefined))]);
    const client = new FirehoseClient(sdk(bench.url));
    const answer = await client.send(
      new TagDeliveryStreamCommand({ DeliveryStreamName: 'x', Tags: [{ Key: 'a', Value: 'b' }] }),
    );
    expect(Object.keys(answer)).toEqual(['$metadata']);
    const raw = await post(bench.url, 'TagDeliveryStream', '{}');
    expect(await raw.text()).toBe('{}');
    expect(raw.headers.get('content-type')).toBe('application/x-amz-json-1.1');
  });

  test('an AwsError becomes the SDK’s own exception', async () => {
    const put = recorded(PutRecord$, () => {
      throw new AwsError('ResourceNotFoundException', 'Firehose x under account 000000000000 not found.');
    });
    await using bench = await testEdge({}, [firehose(put)]);
    const client = new FirehoseClient(sdk(bench.url));
    const failing = client.send(new PutRecordCommand({ DeliveryStreamName: 'x', Record: { Data: Buffer.from('a') } }));
    const error = await failing.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ResourceNotFoundException);
    expect((error as Error).message).toBe('Firehose x under account 000000000000 not found.');
    const raw = await post(bench.url, 'PutRecord', '{}');
    expect(raw.status).toBe(400);
    expect(await raw.json()).toEqual({
      __type: 'ResourceNotFoundException',
      message: 'Firehose x under account 000000000000 not found.',
    });
    expect(raw.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('an operation the emulator does not have is refused by name, and never passed on', async () => {
    let passed = false;
    const upstream = () => {
      passed = true;
      return undefined;
    };
    await using bench = await testEdge({ upstream }, [firehose()]);
    const client = new FirehoseClient(sdk(bench.url));
    await expect(client.send(new ListDeliveryStreamsCommand({}))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'naetmul does not support ListDeliveryStreams of firehose.',
    });
    expect(passed).toBe(false);
  });

  test.each([
    ['{"DeliveryStreamName":', 'The request body is not JSON'],
    ['[]', 'The request body is not a JSON object.'],
    ['null', 'The request body is not a JSON object.'],
    ['{"Record":{"Data":"%%%"}}', 'The request body cannot be read'],
    ['{"DeliveryStreamName":5}', 'The member DeliveryStreamName must be a string.'],
    ['{"Record":[]}', 'The member Record must be an object.'],
    ['{"Record":{"Data":[1,2,300]}}', 'The member Record.Data must be bytes as base64.'],
  ])('the body %s is a SerializationException', async (body, message) => {
    await using bench = await testEdge({}, [firehose(recorded(PutRecord$, () => ({})))]);
    const answer = await post(bench.url, 'PutRecord', body);
    expect(answer.status).toBe(400);
    const error = (await answer.json()) as { __type: string; message: string };
    expect(error.__type).toBe('SerializationException');
    expect(error.message).toContain(message);
  });

  test.each([
    ['PutRecordBatch', '{"Records":"one"}', 'The member Records must be a list.'],
    ['PutRecordBatch', '{"Records":[{"Data":""},{"Data":{"length":3}}]}', 'The member Records[1].Data must be bytes'],
    ['PutRecordBatch', '{"Records":[null]}', 'The member Records[0] must be an object.'],
    ['TagDeliveryStream', '{"Tags":[{"Key":"a","Value":true}]}', 'The member Tags[0].Value must be a string.'],
    ['ListDeliveryStreams', '{"Limit":"5"}', 'The member Limit must be a number.'],
  ])('%s with %s is a SerializationException that names the member', async (operation, body, message) => {
    const run = () => ({});
    const operations = [PutRecordBatch$, TagDeliveryStream$, ListDeliveryStreams$].map((schema) =>
      recorded(schema, run),
    );
    await using bench = await testEdge({}, [firehose(...operations)]);
    const answer = await post(bench.url, operation, body);
    const error = (await answer.json()) as { __type: string; message: string };
    expect([answer.status, error.__type]).toEqual([400, 'SerializationException']);
    expect(error.message).toContain(message);
  });

  test('null and what nobody knows are as if they were not there', async () => {
    const put = recorded(PutRecord$, () => ({}));
    await using bench = await testEdge({}, [firehose(put)]);
    const body = '{"DeliveryStreamName":null,"Record":{"Data":"AA==","More":7},"Less":[]}';
    expect((await post(bench.url, 'PutRecord', body)).status).toBe(200);
    expect(put.inputs).toEqual([{ Record: { Data: new Uint8Array([0]) } }]);
  });

  test('a defect of an emulator is an InternalFailure, with its cause in the log', async () => {
    const defect = new TypeError('undefined is not a stream');
    const put = recorded(PutRecord$, () => {
      throw defect;
    });
    await using bench = await testEdge({}, [firehose(put)]);
    const answer = await post(bench.url, 'PutRecord', '{}');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ __type: 'InternalFailure' });
    expect(bench.logged).toEqual([{ message: 'A call of firehose failed.', cause: defect }]);
  });

  test('CBOR of another protocol than AWS’s own is refused in CBOR', async () => {
    await using bench = await testEdge({}, [firehose(recorded(PutRecord$, () => ({})))]);
    const answer = await post(bench.url, 'PutRecord', 'x', { 'Content-Type': 'application/cbor' });
    expect(answer.status).toBe(415);
    expect(answer.headers.get('content-type')).toBe('application/cbor');
    expect(await answer.text()).toContain('naetmul reads requests to firehose as JSON, not as CBOR.');
  });
});
