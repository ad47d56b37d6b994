import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { integer, json, tags, text } from './schemas.ts';

export const iamRole = defineResource({
  type: 'AWS::IAM::Role',
  properties: z.strictObject({
    RoleName: text().optional(),
    Path: text().optional(),
    Description: text().optional(),
    AssumeRolePolicyDocument: json(),
    MaxSessionDuration: integer().optional(),
    ManagedPolicyArns: z.array(text()).optional(),
    Policies: z.array(z.strictObject({ PolicyName: text(), PolicyDocument: json() })).optional(),
    Tags: tags().optional(),
  }),
  attributes: ['Arn', 'RoleId'],
  async create({ Policies: _policies, ManagedPolicyArns: _arns, ...properties }, context) {
    const name = properties.RoleName ?? context.physicalName({ maxLength: 64 });
    const iam = context.aws.client(IAMClient, context.region);
    const { Role } = await iam.send(new CreateRoleCommand({ ...properties, RoleName: name }));
    return { ref: name, attributes: { Arn: Role?.Arn ?? '', RoleId: Role?.RoleId ?? '' } };
  },
  async complete({ Policies = [], ManagedPolicyArns = [] }, made, context) {
    const iam = context.aws.client(IAMClient, context.region);
    for (const policy of Policies) await iam.send(new PutRolePolicyCommand({ RoleName: made.ref, ...policy }));
    for (const arn of ManagedPolicyArns) {
      await iam.send(new AttachRolePolicyCommand({ RoleName: made.ref, PolicyArn: arn }));
    }
    return made;
  },
  async exists(_properties, { ref }, context) {
    const iam = context.aws.client(IAMClient, context.region);
    return (
      (await unless(['NoSuchEntityException'], () => iam.send(new GetRoleCommand({ RoleName: ref })))) !== undefined
    );
  },
  async delete({ Policies = [], ManagedPolicyArns = [] }, { ref }, context) {
    const iam = context.aws.client(IAMClient, context.region);
    const calls = [
      ...Policies.map(
        ({ PolicyName }) =>
          () =>
            iam.send(new DeleteRolePolicyCommand({ RoleName: ref, PolicyName })),
      ),
      ...ManagedPolicyArns.map(
        (PolicyArn) => () => iam.send(new DetachRolePolicyCommand({ RoleName: ref, PolicyArn })),
      ),
      () => iam.send(new DeleteRoleCommand({ RoleName: ref })),
    ];
    for (const call of calls) await unless(['NoSuchEntityException'], async () => void (await call()));
  },
});
