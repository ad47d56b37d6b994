import { GetFunction$, type GetFunctionRequest, type GetFunctionResponse } from '@aws-sdk/client-lambda';
import { shapeOf } from '../functions/function.ts';
import { readFunctionName } from '../names.ts';
import { archiveUrl } from './get-code-archive.ts';
import { operation } from './operation.ts';

export const getFunction = operation(GetFunction$, (parts, input: GetFunctionRequest, call): GetFunctionResponse => {
  const name = readFunctionName('GetFunction', call, input.FunctionName, input.Qualifier);
  const found = parts.functions.latest(name);
  const { code, tags, reservedConcurrency } = found;
  return {
    Configuration: { ...shapeOf(found, 'settled'), FunctionArn: name.qualifiedArn },
    Code: { RepositoryType: 'S3', ...(code.live ? {} : { Location: archiveUrl(parts, code, call.region) }) },
    ...(tags.size > 0 ? { Tags: Object.fromEntries(tags) } : {}),
    ...(reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  };
});
