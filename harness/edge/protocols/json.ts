import { NormalizedSchema } from '@smithy/core/schema';
import type { Emulator } from '../emulator.ts';
import { CBOR_TYPE, readCbor, speaksAwsCbor, writeCbor } from './cbor.ts';
import { BodyCodec, callBody } from './codec.ts';
import { operationsOf, type Protocol } from './protocol.ts';

/** AWS JSON 1.0 and 1.1 (smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html), and 1.1 with CBOR instead of JSON. */
export function jsonProtocol(emulator: Emulator, version: '1.0' | '1.1', targetPrefix: string): Protocol {
  const codec = new BodyCodec(false);
  const write: BodyCodec['write'] = (schema, value) => codec.write(schema, value);
  const contentType = `application/x-amz-json-${version}`;
  const operations = new Map(operationsOf(emulator).map((operation) => [operation.schema[2], operation]));
  return {
    errorStyle: 'json',
    nameOf: ({ headers }) => afterDot(headers['x-amz-target']) ?? 'a request without X-Amz-Target',
    find(request) {
      const name = afterDot(request.headers['x-amz-target'], targetPrefix);
      const operation = name === undefined ? undefined : operations.get(name);
      if (name === undefined || operation === undefined) return undefined;
      const [, , , , inputSchema, outputSchema] = operation.schema;
      return {
        name,
        async call(call) {
          const isCbor = speaksAwsCbor(request.headers);
          const read = (body: Buffer) => (isCbor ? readCbor(inputSchema, body) : codec.read(inputSchema, body));
          const input = request.input ?? read(await callBody(request));
          const output = await operation.run(input, call);
          const headers = { 'x-amzn-RequestId': call.requestId, 'Content-Type': isCbor ? CBOR_TYPE : contentType };
          if (request.takesOutput) return { status: 200, headers, body: '', output: output ?? {} };
          return {
            status: 200,
            headers,
            // Operations without output answer with no body at all, as Kinesis' and Firehose's do.
            body: NormalizedSchema.of(outputSchema as never).isUnitSchema()
              ? ''
              : (isCbor ? writeCbor : write)(outputSchema, output ?? {}),
          };
        },
      };
    },
  };
}

function afterDot(target: string | string[] | undefined, prefix?: string): string | undefined {
  if (typeof target !== 'string') return undefined;
  const dot = target.lastIndexOf('.');
  if (prefix !== undefined && target.slice(0, dot) !== prefix) return undefined;
  return target.slice(dot + 1);
}
