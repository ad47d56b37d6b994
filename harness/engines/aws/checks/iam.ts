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
import type { CallsOfService, CheckContext } from '../capabilities.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'firehose.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }],
});
const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

/** Roles as templates describe them. */
export function iamCalls({ client, name: RoleName }: CheckContext): CallsOfService {
  const iam = new IAMClient(client);
  const of = { RoleName, PolicyName: 'check' };
  return {
    [Symbol.dispose]: () => iam.destroy(),
    calls: [
      {
        name: 'CreateRole',
        purpose: 'every role of a template',
        needed: true,
        async run() {
          const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
          return Role?.Arn?.endsWith(`:role/${RoleName}`) ? undefined : `the role’s ARN is ${Role?.Arn}`;
        },
      },
      {
        name: 'GetRole',
        purpose: 'deploying again',
        async run() {
          await iam.send(new GetRoleCommand({ RoleName }));
          return undefined;
        },
      },
      {
        name: 'PutRolePolicy',
        purpose: 'Policies of a role',
        async run() {
          await iam.send(new PutRolePolicyCommand({ ...of, PolicyDocument: POLICY }));
          return undefined;
        },
      },
      {
        name: 'AttachRolePolicy',
        purpose: 'ManagedPolicyArns of a role',
        async run() {
          await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
          await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
          return undefined;
        },
      },
      {
        name: 'DeleteRolePolicy',
        purpose: 'taking a pipeline down',
        cleanUp: true,
        async run() {
          await iam.send(new DeleteRolePolicyCommand(of));
          return undefined;
        },
      },
      {
        name: 'DeleteRole',
        purpose: 'taking a pipeline down',
        cleanUp: true,
        async run() {
          await iam.send(new DeleteRoleCommand({ RoleName }));
          return undefined;
        },
      },
    ],
  };
}
