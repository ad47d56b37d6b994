import {
  APIGatewayClient,
  ImportRestApiCommand,
  type PatchOperation,
  type RestApi,
  TagResourceCommand,
  UpdateRestApiCommand,
} from '@aws-sdk/client-api-gateway';
import type { RestApiProperties } from './apigateway-rest-api.ts';
import type { ResourceContext } from './resource-type.ts';
import { tagMap } from './schemas.ts';

/** Makes the API that an OpenAPI definition describes. What the definition says of the endpoint, the template may too. */
export function importRestApi(
  gateway: APIGatewayClient,
  body: string,
  { EndpointConfiguration: endpoint, FailOnWarnings, Parameters }: RestApiProperties,
): Promise<RestApi> {
  const types = endpoint?.Types?.join(',');
  return gateway.send(
    new ImportRestApiCommand({
      body: Buffer.from(body),
      failOnWarnings: FailOnWarnings,
      parameters: types === undefined ? Parameters : { endpointConfigurationTypes: types, ...Parameters },
    }),
  );
}

/** What the template says of the API stands above what its definition says. */
export async function settleImported(
  restApiId: string,
  properties: RestApiProperties,
  context: ResourceContext,
): Promise<void> {
  const gateway = context.aws.client(APIGatewayClient, context.region);
  const patchOperations = patchesOf(properties);
  if (patchOperations.length > 0) await gateway.send(new UpdateRestApiCommand({ restApiId, patchOperations }));
  if (properties.Tags === undefined) return;
  const resourceArn = `arn:${context.partition}:apigateway:${context.region}::/restapis/${restApiId}`;
  await gateway.send(new TagResourceCommand({ resourceArn, tags: tagMap(properties.Tags) }));
}

function patchesOf(properties: RestApiProperties): PatchOperation[] {
  const values = {
    name: properties.Name,
    description: properties.Description,
    apiKeySource: properties.ApiKeySourceType,
    disableExecuteApiEndpoint: properties.DisableExecuteApiEndpoint,
    minimumCompressionSize: properties.MinimumCompressionSize,
    policy: properties.Policy,
  };
  const patches = Object.entries(values).flatMap(([member, value]): PatchOperation[] =>
    value === undefined ? [] : [{ op: 'replace', path: `/${member}`, value: String(value) }],
  );
  for (const type of properties.BinaryMediaTypes ?? []) {
    patches.push({ op: 'add', path: `/binaryMediaTypes/${type.replaceAll('~', '~0').replaceAll('/', '~1')}` });
  }
  return patches;
}
