import {
  type FunctionConfiguration,
  GetFunctionConfiguration$,
  type GetFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { shapeOf } from '../functions/function.ts';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

export const getFunctionConfiguration = operation(
  GetFunctionConfiguration$,
  ({ functions }, input: GetFunctionConfigurationRequest, call): FunctionConfiguration => {
    const name = readFunctionName('GetFunctionConfiguration', call, input.FunctionName, input.Qualifier);
    return { ...shapeOf(functions.latest(name), 'settled'), FunctionArn: name.qualifiedArn };
  },
);
