import {
  APIGatewayClient,
  CreateUsagePlanKeyCommand,
  DeleteUsagePlanKeyCommand,
  GetUsagePlanKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

export const apiGatewayUsagePlanKey = defineResource({
  type: 'AWS::ApiGateway::UsagePlanKey',
  properties: z.strictObject({ KeyId: text(), KeyType: z.literal('API_KEY'), UsagePlanId: text() }),
  attributes: ['Id'],
  async create({ KeyId, KeyType, UsagePlanId }, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId: UsagePlanId, keyId: KeyId, keyType: KeyType }));
    const ref = `${KeyId}:${UsagePlanId}`;
    return { ref, attributes: { Id: ref } };
  },
  async exists({ KeyId, UsagePlanId }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    const found = await unless(['NotFoundException'], () =>
      gateway.send(new GetUsagePlanKeyCommand({ usagePlanId: UsagePlanId, keyId: KeyId })),
    );
    return found !== undefined;
  },
  async delete({ KeyId, UsagePlanId }, _made, context) {
    const gateway = context.aws.client(APIGatewayClient, context.region);
    await unless(['NotFoundException'], () =>
      gateway.send(new DeleteUsagePlanKeyCommand({ usagePlanId: UsagePlanId, keyId: KeyId })),
    );
  },
  partOf: ({ UsagePlanId }) => UsagePlanId,
});
