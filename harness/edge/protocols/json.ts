import { NormalizedSchema } from '@smithy/core/schema';
import type { Emulator } from '../emulator.ts';
import { BodyCodec, callBody } from './codec.ts';
import { operationsOf, type Protocol } from './protocol.ts';

/** AWS JSON 1.0 and 1.1 (smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html). */
export function jsonProtocol(emulator: Emulator, version: '1.0' | '1.1', targetPrefix: string): Protocol {
  const codec = new BodyCodec(false);
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
          const input = codec.read(inputSchema, await callBody(request));
          const output = await operation.run(input, call);
          return {
            status: 200,
            headers: { 'x-amzn-RequestId': call.requestId, 'Content-Type': contentType },
            // Operations without output answer with no body at all, as Kinesis' and Firehose's do.
            body: NormalizedSchema.of(outputSchema as never).isUnitSchema()
              ? ''
              : codec.write(outputSchema, output ?? {}),
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
