import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyVersionCommand,
  DescribeThingCommand,
  GetPolicyCommand,
  GetTopicRuleCommand,
  ListAttachedPoliciesCommand,
  ListPoliciesCommand,
  ListPrincipalThingsCommand,
  ListTagsForResourceCommand,
  ListThingsCommand,
  ListTopicRulesCommand,
} from '@aws-sdk/client-iot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALLOW_ALL, type IotBench, iotBench } from '../../emulators/iot/testing.ts';
import { type Deployed, type DeployOptions, deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';

const REGION = 'us-east-1';

let bench: IotBench;
let certificate: string;

beforeEach(async () => {
  bench = await iotBench();
  const { certificateArn = '' } = await bench.iot.send(new CreateKeysAndCertificateCommand({ setAsActive: true }));
  certificate = certificateArn;
});

afterEach(() => bench[Symbol.asyncDispose]());

const template = () => `
Resources:
  Policy:
    Type: AWS::IoT::Policy
    Properties:
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{ Effect: Allow, Action: iot:Connect, Resource: !Sub "arn:aws:iot:\${AWS::Region}:\${AWS::AccountId}:client/*" }]
      Tags: [{ Key: team, Value: 물 }]
  Thing: { Type: "AWS::IoT::Thing", Properties: { ThingName: pi-1, AttributePayload: { Attributes: { site: north } } } }
  PolicyOfDevice:
    Type: AWS::IoT::PolicyPrincipalAttachment
    Properties: { PolicyName: !Ref Policy, Principal: "${certificate}" }
  DeviceOfThing:
    Type: AWS::IoT::ThingPrincipalAttachment
    Properties: { ThingName: !Ref Thing, Principal: "${certificate}" }
  Rule:
    Type: AWS::IoT::TopicRule
    Properties:
      Tags: [{ Key: a b, Value: 1 & 2 }]
      TopicRulePayload:
        Sql: SELECT * FROM 'pi/+' WHERE no2.value > 88
        AwsIotSqlVersion: "2016-03-23"
        RuleDisabled: "true"
        Actions:
          - Lambda: { FunctionArn: !Sub "arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:warn" }
          - Kinesis: { StreamName: s, RoleArn: r, PartitionKey: "\${topic()}" }
          - Republish: { Topic: alerts, Qos: "1", RoleArn: r }
Outputs:
  Policy: { Value: !GetAtt Policy.Arn }
  Thing: { Value: !GetAtt Thing.Arn }
  Rule: { Value: !GetAtt Rule.Arn }
`;

async function deployed(): Promise<Deployed> {
  const options: DeployOptions = {
    name: 'gas',
    aws: { client: () => bench.iot as never },
    region: REGION,
    accountId: '000000000000',
    progress: () => undefined,
    urlFor: () => '',
  };
  return await deploy(await checkTemplate(parseTemplateText(template(), 't.yaml'), 't.yaml'), options);
}

test('policies, things, attachments and rules are made as the template says', async () => {
  const { outputs, resources } = await deployed();
  const policyName = resources.find(({ logicalId }) => logicalId === 'Policy')?.physicalId;
  const ruleName = resources.find(({ logicalId }) => logicalId === 'Rule')?.physicalId;
  expect(policyName).toMatch(/^gas-Policy-[A-Z0-9]{12}$/);
  expect(ruleName).toMatch(/^gas_Rule_[A-Z0-9]{12}$/);
  expect(outputs).toEqual({
    Policy: `arn:aws:iot:us-east-1:000000000000:policy/${policyName}`,
    Thing: 'arn:aws:iot:us-east-1:000000000000:thing/pi-1',
    Rule: `arn:aws:iot:us-east-1:000000000000:rule/${ruleName}`,
  });
  const { policyDocument } = await bench.iot.send(new GetPolicyCommand({ policyName }));
  expect(JSON.parse(policyDocument ?? '').Statement[0].Resource).toBe('arn:aws:iot:us-east-1:000000000000:client/*');
  expect((await bench.iot.send(new DescribeThingCommand({ thingName: 'pi-1' }))).attributes).toEqual({ site: 'north' });
  const attached = await bench.iot.send(new ListAttachedPoliciesCommand({ target: certificate }));
  expect(attached.policies).toMatchObject([{ policyName }]);
  const things = await bench.iot.send(new ListPrincipalThingsCommand({ principal: certificate }));
  expect(things.things).toEqual(['pi-1']);
  const { rule } = await bench.iot.send(new GetTopicRuleCommand({ ruleName }));
  expect(rule).toMatchObject({
    sql: "SELECT * FROM 'pi/+' WHERE no2.value > 88",
    ruleDisabled: true,
    awsIotSqlVersion: '2016-03-23',
    actions: [
      { lambda: { functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:warn' } },
      { kinesis: { streamName: 's', roleArn: 'r', partitionKey: `\${topic()}` } },
      { republish: { topic: 'alerts', qos: 1, roleArn: 'r' } },
    ],
  });
  const { tags } = await bench.iot.send(new ListTagsForResourceCommand({ resourceArn: outputs.Rule }));
  expect(tags).toEqual([{ Key: 'a b', Value: '1 & 2' }]);
});

test('what devices got since is taken off, so that all of it goes', async () => {
  const stack = await deployed();
  const policyName = stack.resources.find(({ logicalId }) => logicalId === 'Policy')?.physicalId;
  const { certificateArn } = await bench.iot.send(new CreateKeysAndCertificateCommand({}));
  await bench.iot.send(new AttachPolicyCommand({ policyName, target: certificateArn }));
  await bench.iot.send(new AttachThingPrincipalCommand({ thingName: 'pi-1', principal: certificateArn }));
  await bench.iot.send(new CreatePolicyVersionCommand({ policyName, policyDocument: ALLOW_ALL, setAsDefault: true }));
  await stack.undeploy();
  expect((await bench.iot.send(new ListPoliciesCommand({}))).policies).toEqual([]);
  expect((await bench.iot.send(new ListThingsCommand({}))).things).toEqual([]);
  expect((await bench.iot.send(new ListTopicRulesCommand({}))).rules).toEqual([]);
});

test('after everything was lost it is made anew', async () => {
  const stack = await deployed();
  bench.registry.of({ region: REGION, accountId: '000000000000' }).policies.clear();
  bench.registry.of({ region: REGION, accountId: '000000000000' }).rules.clear();
  await stack.redeploy();
  expect((await bench.iot.send(new ListPoliciesCommand({}))).policies).toHaveLength(1);
  expect((await bench.iot.send(new ListTopicRulesCommand({}))).rules).toHaveLength(1);
});
