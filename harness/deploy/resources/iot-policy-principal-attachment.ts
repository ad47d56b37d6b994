import { AttachPolicyCommand, DetachPolicyCommand, IoTClient, ListTargetsForPolicyCommand } from '@aws-sdk/client-iot';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

const GONE = ['ResourceNotFoundException'];

export const iotPolicyPrincipalAttachment = defineResource({
  type: 'AWS::IoT::PolicyPrincipalAttachment',
  properties: z.strictObject({ PolicyName: text(), Principal: text() }),
  attributes: ['Id'],
  async create({ PolicyName: policyName, Principal: target }, context) {
    await context.aws.client(IoTClient, context.region).send(new AttachPolicyCommand({ policyName, target }));
    const ref = context.physicalName({ maxLength: 128 });
    return { ref, attributes: { Id: ref } };
  },
  async exists({ PolicyName: policyName, Principal: principal }, _made, context) {
    const iot = context.aws.client(IoTClient, context.region);
    const command = new ListTargetsForPolicyCommand({ policyName, pageSize: 250 });
    return (await unless(GONE, () => iot.send(command)))?.targets?.includes(principal) ?? false;
  },
  async delete({ PolicyName: policyName, Principal: target }, _made, context) {
    const iot = context.aws.client(IoTClient, context.region);
    await unless(GONE, () => iot.send(new DetachPolicyCommand({ policyName, target })));
  },
  partOf: ({ PolicyName }) => PolicyName,
});
