import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

/** The settings that all APIs of an account and region share. Removing the resource leaves them, as CloudFormation does. */
export const apiGatewayAccount = defineResource({
  type: 'AWS::ApiGateway::Account',
  properties: z.strictObject({ CloudWatchRoleArn: text().optional() }),
  attributes: [],
  async create({ CloudWatchRoleArn }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await gateway.send(
      new UpdateAccountCommand({
        patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: CloudWatchRoleArn ?? '' }],
      }),
    );
    return { ref: context.physicalName({ maxLength: 128 }), attributes: {} };
  },
  async exists({ CloudWatchRoleArn }, _made, context) {
    const account = await context.aws.client(APIGatewayClient, context.region).send(new GetAccountCommand({}));
    return account.cloudwatchRoleArn === CloudWatchRoleArn;
  },
  delete: async () => {},
});
