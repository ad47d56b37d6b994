// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import { describe, expect, test } from 'vitest';
import { loadTemplate } from '../index.ts';
import { checkTemplate } from './load.ts';
import { parseTemplateText } from './parse.ts';

const load = (text: string) => checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml');

/** The error's code, message and remedy. */
async function refusal(text: string) {
  const error = await load(text).then(
    () => undefined,
    (error) => error,
  );
  return { code: error?.code, message: error?.message, remedy: error?.remedy };
}

describe('loadTemplate', () => {
  test('says which file cannot be read', async () => {
    await expect(loadTemplate('no/such/template.yaml')).rejects.toMatchObject({
      code: 'TEMPLATE_UNREADABLE',
      message: expect.stringMatching(/^no\/such\/template\.yaml:1: cannot be read: ENOENT/),
    });
  });

  test('orders resources by what they refer to and by DependsOn', async () => {
    const template = await load(`
Resources:
  Delivery:
    Type: AWS::KinesisFirehose::DeliveryStream
    DependsOn: [Group]
    Properties:
      ExtendedS3DestinationConfiguration:
        BucketARN: !Sub arn:\${AWS::Partition}:s3:::\${Bucket}
        RoleARN: !GetAtt Role.Arn
  Bucket: { Type: "AWS::S3::Bucket" }
  Role:
    Type: AWS::IAM::Role
    Properties: { AssumeRolePolicyDocument: { Statement: [{ Resource: !GetAtt Bucket.Arn }] } }
  Group: { Type: "AWS::Logs::LogGroup" }
`);
    expect([...template.resources.keys()]).toEqual(['Group', 'Bucket', 'Role', 'Delivery']);
  });

  test('takes a snapshot as what becomes of a database, though none is made', async () => {
    const template = await load(`Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties: { Engine: mysql, MasterUsername: a, MasterUserPassword: b }`);
    expect([...template.resources.keys()]).toEqual(['Db']);
  });

  test('refuses a type by its name', async () => {
    expect(await refusal('Resources:\n  Net:\n    Type: AWS::EC2::VPC')).toMatchObject({
      code: 'TEMPLATE_UNSUPPORTED_TYPE',
      message: 't.yaml:3: Net: the type AWS::EC2::VPC is not supported.',
      remedy: expect.stringContaining('AWS::Kinesis::Stream'),
    });
  });

  test('refuses a property by its name and says which there are', async () => {
    const text = `Resources:
  Api:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: a
      ResourceId: b
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationResponses:
          - StatusCode: 200
            Pattern: x`;
    expect(await refusal(text)).toEqual({
      code: 'TEMPLATE_UNSUPPORTED_PROPERTY',
      message:
        't.yaml:13: Api.Properties.Integration.IntegrationResponses[0].Pattern: ' +
        'naetmul does not support this property of AWS::ApiGateway::Method.',
      remedy:
        'Supported here are StatusCode, SelectionPattern, ResponseParameters, ResponseTemplates, ContentHandling.',
    });
  });

  test('refuses an unknown property beside one whose value is not known yet', async () => {
    const text = `Resources:
  B: { Type: "AWS::S3::Bucket" }
  G:
    Type: AWS::Logs::LogGroup
    Properties:
      RetentionInDays: !GetAtt B.Arn
      Kms: x`;
    expect(await refusal(text)).toMatchObject({ message: expect.stringContaining('t.yaml:7: G.Properties.Kms:') });
  });

  test.each([
    ['Resources: {}\nRules: { A: x }', 'TEMPLATE_UNSUPPORTED_SECTION', 't.yaml:2: the section Rules is not supported.'],
    ['Outputs: {}', 'TEMPLATE_SYNTAX', 't.yaml:1: has no Resources.'],
    ['- a', 'TEMPLATE_SYNTAX', 't.yaml:1: a template is a map of sections.'],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    Condition: X',
      'TEMPLATE_UNKNOWN_REFERENCE',
      't.yaml:4: S.Condition: X is no condition of this template.',
    ],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    DeletionPolicy: Snapshot',
      'TEMPLATE_UNSUPPORTED_PROPERTY',
      't.yaml:4: S.DeletionPolicy: Snapshot is not supported, only Delete and Retain.',
    ],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    Properties:\n      ShardCount: many',
      'TEMPLATE_INVALID_PROPERTY',
      't.yaml:5: S.Properties.ShardCount: must be a whole number (AWS::Kinesis::Stream).',
    ],
    [
      'Resources:\n  R:\n    Type: AWS::IAM::Role',
      'TEMPLATE_INVALID_PROPERTY',
      't.yaml:2: R.Properties.AssumeRolePolicyDocument: is missing (AWS::IAM::Role).',
    ],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    Properties:\n      Name: !Ref Nobody',
      'TEMPLATE_UNKNOWN_REFERENCE',
      't.yaml:5: S.Properties.Name: Nobody is neither a resource nor a parameter of this template.',
    ],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    DependsOn: Nobody',
      'TEMPLATE_UNKNOWN_REFERENCE',
      'Nobody is neither a resource nor a parameter of this template.',
    ],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    Properties:\n      Name: !Sub "${S.Colour}"',
      'TEMPLATE_UNKNOWN_REFERENCE',
      't.yaml:5: S.Properties.Name: S (AWS::Kinesis::Stream) has no attribute Colour.',
    ],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    Properties:\n      Name: !Ref AWS::NotificationARNs',
      'TEMPLATE_UNSUPPORTED_INTRINSIC',
      't.yaml:5: S.Properties.Name: the pseudo parameter AWS::NotificationARNs is not supported.',
    ],
    [
      'Resources:\n  S:\n    Type: AWS::Kinesis::Stream\n    Properties:\n      Name: !Base64 x',
      'TEMPLATE_UNSUPPORTED_INTRINSIC',
      't.yaml:5: S.Properties.Name: the intrinsic function Fn::Base64 is not supported.',
    ],
    [
      'Resources:\n  S: { Type: "AWS::Kinesis::Stream" }\nOutputs:\n  U:\n    Value: !Ref S\n    Export: { Name: x }',
      'TEMPLATE_UNSUPPORTED_PROPERTY',
      't.yaml:6: Outputs.U.Export: is not supported.',
    ],
    [
      'Resources:\n  S: { Type: "AWS::Kinesis::Stream" }\nOutputs:\n  U:\n    Value: !GetAtt S.Url',
      'TEMPLATE_UNKNOWN_REFERENCE',
      't.yaml:5: Outputs.U: S (AWS::Kinesis::Stream) has no attribute Url.',
    ],
    [
      'Resources:\n  A:\n    Type: AWS::S3::Bucket\n    Properties: { BucketName: !Ref B }\n  B:\n    Type: AWS::S3::Bucket\n    DependsOn: A',
      'TEMPLATE_CYCLE',
      't.yaml:2: A: resources wait for each other: A → B → A.',
    ],
  ])('refuses %j', async (text, code, message) => {
    expect(await refusal(text)).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
