import { CUSTOM_RESOURCE, CUSTOM_TYPE } from './custom-resource-names.ts';
import type { ResourceType } from './resource-type.ts';

/**
 * Every resource type that can be made. A type's module brings the SDK client it needs, so it is loaded only for a
 * template that has such a resource.
 */
const loaders: Readonly<Record<string, () => Promise<ResourceType>>> = {
  'AWS::ApiGateway::Account': async () => (await import('./apigateway-account.ts')).apiGatewayAccount,
  'AWS::ApiGateway::ApiKey': async () => (await import('./apigateway-api-key.ts')).apiGatewayApiKey,
  'AWS::ApiGateway::Authorizer': async () => (await import('./apigateway-authorizer.ts')).apiGatewayAuthorizer,
  'AWS::ApiGateway::BasePathMapping': async () =>
    (await import('./apigateway-base-path-mapping.ts')).apiGatewayBasePathMapping,
  'AWS::ApiGateway::Deployment': async () => (await import('./apigateway-deployment.ts')).apiGatewayDeployment,
  'AWS::ApiGateway::DomainName': async () => (await import('./apigateway-domain-name.ts')).apiGatewayDomainName,
  'AWS::ApiGateway::GatewayResponse': async () =>
    (await import('./apigateway-gateway-response.ts')).apiGatewayGatewayResponse,
  'AWS::ApiGateway::Method': async () => (await import('./apigateway-method.ts')).apiGatewayMethod,
  'AWS::ApiGateway::Model': async () => (await import('./apigateway-model.ts')).apiGatewayModel,
  'AWS::ApiGateway::RequestValidator': async () =>
    (await import('./apigateway-request-validator.ts')).apiGatewayRequestValidator,
  'AWS::ApiGateway::Resource': async () => (await import('./apigateway-resource.ts')).apiGatewayResource,
  'AWS::ApiGateway::RestApi': async () => (await import('./apigateway-rest-api.ts')).apiGatewayRestApi,
  'AWS::ApiGateway::Stage': async () => (await import('./apigateway-stage.ts')).apiGatewayStage,
  'AWS::ApiGateway::UsagePlan': async () => (await import('./apigateway-usage-plan.ts')).apiGatewayUsagePlan,
  'AWS::ApiGateway::UsagePlanKey': async () => (await import('./apigateway-usage-plan-key.ts')).apiGatewayUsagePlanKey,
  [CUSTOM_RESOURCE]: () => loadCustomResource(CUSTOM_RESOURCE),
  'AWS::Elasticsearch::Domain': async () => (await import('./elasticsearch-domain.ts')).elasticsearchDomain,
  'AWS::IAM::Role': async () => (await import('./iam-role.ts')).iamRole,
  'AWS::IoT::Policy': async () => (await import('./iot-policy.ts')).iotPolicy,
  'AWS::IoT::PolicyPrincipalAttachment': async () =>
    (await import('./iot-policy-principal-attachment.ts')).iotPolicyPrincipalAttachment,
  'AWS::IoT::Thing': async () => (await import('./iot-thing.ts')).iotThing,
  'AWS::IoT::ThingPrincipalAttachment': async () =>
    (await import('./iot-thing-principal-attachment.ts')).iotThingPrincipalAttachment,
  'AWS::IoT::TopicRule': async () => (await import('./iot-topic-rule.ts')).iotTopicRule,
  'AWS::Kinesis::Stream': async () => (await import('./kinesis-stream.ts')).kinesisStream,
  'AWS::KinesisFirehose::DeliveryStream': async () =>
    (await import('./firehose-delivery-stream.ts')).firehoseDeliveryStream,
  'AWS::Lambda::EventInvokeConfig': async () =>
    (await import('./lambda-event-invoke-config.ts')).lambdaEventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': async () =>
    (await import('./lambda-event-source-mapping.ts')).lambdaEventSourceMapping,
  'AWS::Lambda::Function': async () => (await import('./lambda-function.ts')).lambdaFunction,
  'AWS::Lambda::Permission': async () => (await import('./lambda-permission.ts')).lambdaPermission,
  'AWS::Logs::LogGroup': async () => (await import('./logs-log-group.ts')).logsLogGroup,
  'AWS::Logs::LogStream': async () => (await import('./logs-log-stream.ts')).logsLogStream,
  'AWS::OpenSearchService::Domain': async () => (await import('./opensearch-domain.ts')).openSearchDomain,
  'AWS::Pinpoint::App': async () => (await import('./pinpoint-app.ts')).pinpointApp,
  'AWS::Pinpoint::Campaign': async () => (await import('./pinpoint-campaign.ts')).pinpointCampaign,
  'AWS::Pinpoint::EmailChannel': async () => (await import('./pinpoint-email-channel.ts')).pinpointEmailChannel,
  'AWS::Pinpoint::EmailTemplate': async () => (await import('./pinpoint-email-template.ts')).pinpointEmailTemplate,
  'AWS::Pinpoint::EventStream': async () => (await import('./pinpoint-event-stream.ts')).pinpointEventStream,
  'AWS::Pinpoint::Segment': async () => (await import('./pinpoint-segment.ts')).pinpointSegment,
  'AWS::RDS::DBInstance': async () => (await import('./rds-db-instance.ts')).rdsDbInstance,
  'AWS::S3::Bucket': async () => (await import('./s3-bucket.ts')).s3Bucket,
  'AWS::SQS::Queue': async () => (await import('./sqs-queue.ts')).sqsQueue,
  'AWS::SQS::QueuePolicy': async () => (await import('./sqs-queue-policy.ts')).sqsQueuePolicy,
};

export const supportedTypes: readonly string[] = Object.keys(loaders);

export async function loadResourceType(type: string): Promise<ResourceType | undefined> {
  if (CUSTOM_TYPE.test(type)) return loadCustomResource(type);
  return Object.hasOwn(loaders, type) ? loaders[type]?.() : undefined;
}

async function loadCustomResource(type: string): Promise<ResourceType> {
  return (await import('./custom-resource.ts')).customResource(type);
}
