import { AddPermissionCommand, GetPolicyCommand, LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

export const lambdaPermission = defineResource({
  type: 'AWS::Lambda::Permission',
  properties: z.strictObject({
    Action: text(),
    EventSourceToken: text().optional(),
    FunctionName: text(),
    Principal: text(),
    PrincipalOrgID: text().optional(),
    SourceAccount: text().optional(),
    SourceArn: text().optional(),
  }),
  attributes: ['Id'],
  async create(properties, context) {
    const ref = context.physicalName({ maxLength: 100 });
    const lambda = context.aws.client(LambdaClient, context.region);
    await lambda.send(new AddPermissionCommand({ ...properties, StatementId: ref }));
    return { ref, attributes: { Id: ref } };
  },
  async exists({ FunctionName }, { ref }, context) {
    const lambda = context.aws.client(LambdaClient, context.region);
    const answer = await unless(['ResourceNotFoundException'], () =>
      lambda.send(new GetPolicyCommand({ FunctionName })),
    );
    const { Statement = [] } = JSON.parse(answer?.Policy ?? '{}') as { Statement?: readonly { Sid?: string }[] };
    return Statement.some(({ Sid }) => Sid === ref);
  },
  async delete({ FunctionName }, { ref }, context) {
    const lambda = context.aws.client(LambdaClient, context.region);
    const command = new RemovePermissionCommand({ FunctionName, StatementId: ref });
    await unless(['ResourceNotFoundException'], () => lambda.send(command));
  },
  partOf: ({ FunctionName }) => FunctionName,
});
