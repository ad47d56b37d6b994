import {
  PutFunctionRecursionConfig$,
  type PutFunctionRecursionConfigRequest,
  type PutFunctionRecursionConfigResponse,
} from '@aws-sdk/client-lambda';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';
import { Violations } from './violations.ts';

/** Kept and shown; loops are not looked for. */
export const putFunctionRecursionConfig = operation(
  PutFunctionRecursionConfig$,
  ({ functions }, input: PutFunctionRecursionConfigRequest, call): PutFunctionRecursionConfigResponse => {
    const name = readFunctionName('PutFunctionRecursionConfig', call, input.FunctionName);
    const violations = new Violations();
    violations.required('recursiveLoop', input.RecursiveLoop);
    violations.oneOf('recursiveLoop', input.RecursiveLoop, ['Terminate', 'Allow']);
    violations.raise();
    const found = functions.latest(name);
    found.recursiveLoop = input.RecursiveLoop ?? 'Terminate';
    return { RecursiveLoop: found.recursiveLoop };
  },
);
