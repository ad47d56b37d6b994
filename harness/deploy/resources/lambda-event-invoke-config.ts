import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { integer, text } from './schemas.ts';

const destination = z.strictObject({ Destination: text() });

export const lambdaEventInvokeConfig = defineResource({
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: z.strictObject({
    DestinationConfig: z
      .strictObject({ OnFailure: destination.optional(), OnSuccess: destination.optional() })
      .optional(),
    FunctionName: text(),
    MaximumEventAgeInSeconds: integer().optional(),
    MaximumRetryAttempts: integer().optional(),
    Qualifier: text(),
  }),
  attributes: [],
  async create(properties, context) {
    const lambda = context.aws.client(LambdaClient, context.region);
    await lambda.send(new PutFunctionEventInvokeConfigCommand(properties));
    return { ref: `${properties.FunctionName}|${properties.Qualifier}`, attributes: {} };
  },
  async exists({ FunctionName, Qualifier }, _made, context) {
    const lambda = context.aws.client(LambdaClient, context.region);
    const asked = new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier });
    return (await unless(['ResourceNotFoundException'], () => lambda.send(asked))) !== undefined;
  },
  async delete({ FunctionName, Qualifier }, _made, context) {
    const lambda = context.aws.client(LambdaClient, context.region);
    const command = new DeleteFunctionEventInvokeConfigCommand({ FunctionName, Qualifier });
    await unless(['ResourceNotFoundException'], () => lambda.send(command));
  },
  partOf: ({ FunctionName }) => FunctionName,
});
