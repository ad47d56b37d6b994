import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  type Runtime,
} from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { flag, integer, tagMap, tags, text, textMap } from './schemas.ts';

const MAX_NAME_LENGTH = 64;

export const lambdaFunction = defineResource({
  type: 'AWS::Lambda::Function',
  properties: z.strictObject({
    Architectures: z.array(z.enum(['x86_64', 'arm64'])).optional(),
    Code: z.strictObject({ S3Bucket: text(), S3Key: text(), S3ObjectVersion: text().optional() }),
    DeadLetterConfig: z.strictObject({ TargetArn: text().optional() }).optional(),
    Description: text().optional(),
    Environment: z.strictObject({ Variables: textMap().optional() }).optional(),
    EphemeralStorage: z.strictObject({ Size: integer() }).optional(),
    FunctionName: text().optional(),
    Handler: text(),
    MemorySize: integer().optional(),
    PackageType: z.literal('Zip', { error: 'must be Zip: container images are not run here' }).optional(),
    ReservedConcurrentExecutions: integer().optional(),
    Role: text(),
    Runtime: text(),
    Tags: tags().optional(),
    Timeout: integer().optional(),
    VpcConfig: z
      .strictObject({
        Ipv6AllowedForDualStack: flag().optional(),
        SecurityGroupIds: z.array(text()).optional(),
        SubnetIds: z.array(text()).optional(),
      })
      .optional(),
  }),
  attributes: ['Arn'],
  async create({ FunctionName, ReservedConcurrentExecutions: _later, Tags = [], Runtime, ...properties }, context) {
    const name = FunctionName ?? context.physicalName({ maxLength: MAX_NAME_LENGTH });
    const { FunctionArn = '' } = await context.aws.client(LambdaClient, context.region).send(
      new CreateFunctionCommand({
        ...properties,
        FunctionName: name,
        // The service says which ones it knows.
        Runtime: Runtime as Runtime,
        Tags: tagMap(Tags),
      }),
    );
    return { ref: name, attributes: { Arn: FunctionArn } };
  },
  async complete({ ReservedConcurrentExecutions }, made, context) {
    await context.until('the function becoming Active', async () => {
      const { State, StateReason, StateReasonCode } = (await describe(made.ref, context)) ?? {};
      if (State === 'Failed') throw new Error(`the function Failed: ${StateReasonCode}: ${StateReason}`);
      return State === 'Active' ? true : undefined;
    });
    if (ReservedConcurrentExecutions !== undefined) {
      const reserved = { FunctionName: made.ref, ReservedConcurrentExecutions };
      await context.aws.client(LambdaClient, context.region).send(new PutFunctionConcurrencyCommand(reserved));
    }
    return made;
  },
  exists: async (_properties, { ref }, context) => (await describe(ref, context)) !== undefined,
  async delete(_properties, { ref }, context) {
    const lambda = context.aws.client(LambdaClient, context.region);
    await unless(['ResourceNotFoundException'], () => lambda.send(new DeleteFunctionCommand({ FunctionName: ref })));
  },
});

function describe(name: string, context: ResourceContext): Promise<FunctionConfiguration | undefined> {
  const lambda = context.aws.client(LambdaClient, context.region);
  return unless(['ResourceNotFoundException'], () =>
    lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
}
