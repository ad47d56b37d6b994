/**
 * What somebody would write who needs nothing but speed: a Node HTTP server that makes a record of each post, puts those
 * that came meanwhile into the stream in one PutRecords call, and answers each with its sequence number.
 *
 * Arguments: the endpoint of AWS, the stream. Tells its parent the port that it listens on.
 */

import { randomUUID } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { machine } from '../harness/clock/index.ts';
import { jsonCall } from './load/requests.ts';

interface Waiting {
  readonly line: string;
  readonly response: ServerResponse;
}

interface PutRecordsAnswer {
  readonly Records: readonly { readonly SequenceNumber?: string; readonly ShardId?: string }[];
}

const MAX_RECORDS = 500;

const [endpoint = '', stream = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const waiting: Waiting[] = [];
let isPutting = false;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    waiting.push({ line: lineOf(request, Buffer.concat(chunks).toString()), response });
    if (!isPutting) void putAll();
  });
});

function lineOf({ url = '', headers }: IncomingMessage, body: string): string {
  const event = headers['content-type']?.startsWith('application/json') ? body : JSON.stringify(fieldsOf(body));
  const sender = url.slice(1);
  return `{"sender":"${sender}","via":"gateway","request_id":"${randomUUID()}","received_at":${machine.now()},"event":${event}}\n`;
}

function fieldsOf(form: string): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(form)) {
    const known = fields[name];
    fields[name] = known === undefined ? value : [known, value].flat();
  }
  return fields;
}

async function putAll(): Promise<void> {
  isPutting = true;
  while (waiting.length > 0) {
    const group = waiting.splice(0, MAX_RECORDS);
    const { Records } = await putRecords(group.map(({ line }) => line));
    group.forEach(({ response }, n) => {
      const { SequenceNumber, ShardId } = Records[n] ?? {};
      response.writeHead(SequenceNumber === undefined ? 429 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ SequenceNumber, ShardId }));
    });
  }
  isPutting = false;
}

function putRecords(lines: readonly string[]): Promise<PutRecordsAnswer> {
  const { method, url, headers, body } = jsonCall(endpoint, 'kinesis', 'Kinesis_20131202.PutRecords', {
    StreamName: stream,
    Records: lines.map((line) => ({ Data: Buffer.from(line).toString('base64'), PartitionKey: randomUUID() })),
  });
  return new Promise((resolve, reject) => {
    const call = send(url, { method, headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    call.on('error', reject);
    call.end(body);
  });
}

server.listen({ port: 0, host: '127.0.0.1' }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined });
});
