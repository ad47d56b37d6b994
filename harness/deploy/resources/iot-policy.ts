import {
  CreatePolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachPolicyCommand,
  GetPolicyCommand,
  IoTClient,
  ListPolicyVersionsCommand,
  ListTargetsForPolicyCommand,
} from '@aws-sdk/client-iot';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { json, tags, text } from './schemas.ts';

const GONE = ['ResourceNotFoundException'];

export const iotPolicy = defineResource({
  type: 'AWS::IoT::Policy',
  properties: z.strictObject({
    PolicyDocument: json(),
    PolicyName: text().optional(),
    Tags: tags().optional(),
  }),
  attributes: ['Arn', 'Id'],
  async create({ PolicyDocument: policyDocument, PolicyName, Tags }, context) {
    const policyName = PolicyName ?? context.physicalName({ maxLength: 128 });
    const iot = context.aws.client(IoTClient, context.region);
    const { policyArn = '' } = await iot.send(new CreatePolicyCommand({ policyName, policyDocument, tags: Tags }));
    return { ref: policyName, attributes: { Arn: policyArn, Id: policyName } };
  },
  async exists(_properties, { ref: policyName }, context) {
    const iot = context.aws.client(IoTClient, context.region);
    return (await unless(GONE, () => iot.send(new GetPolicyCommand({ policyName })))) !== undefined;
  },
  /** CloudFormation would fail where devices still have the policy; here it is taken off them first. */
  async delete(_properties, { ref: policyName }, context) {
    const iot = context.aws.client(IoTClient, context.region);
    await unless(GONE, async () => {
      const { targets = [] } = await iot.send(new ListTargetsForPolicyCommand({ policyName, pageSize: 250 }));
      for (const target of targets) await iot.send(new DetachPolicyCommand({ policyName, target }));
      const { policyVersions = [] } = await iot.send(new ListPolicyVersionsCommand({ policyName }));
      for (const { versionId: policyVersionId, isDefaultVersion } of policyVersions) {
        if (!isDefaultVersion) await iot.send(new DeletePolicyVersionCommand({ policyName, policyVersionId }));
      }
      await iot.send(new DeletePolicyCommand({ policyName }));
    });
  },
});
