/** Calls an operation of API Gateway. */
// biome-ignore lint/suspicious/noExplicitAny: the answers' types are the SDK's, which tests look into freely.
export type ApiCall = (name: string, input: object) => Promise<any>;

/** All of an API that a definition can tell, with paths and names in place of ids, so that two can be compared. */
export async function describeApi(call: ApiCall, restApiId: string): Promise<object> {
  const input = { restApiId, limit: 500 };
  const { id, createdDate, rootResourceId, tags, endpointConfiguration, ...api } = await call('GetRestApi', input);
  const resources = await call('GetResources', { ...input, embed: ['methods'] });
  const models = await call('GetModels', input);
  const validators = await call('GetRequestValidators', input);
  const authorizers = await call('GetAuthorizers', input);
  const gatewayResponses = await call('GetGatewayResponses', input);
  const nameOf = (items: readonly Named[], wanted: string | undefined) =>
    items.find((item) => item.id === wanted)?.name;
  return {
    ...api,
    resources: byKey(
      resources.items,
      (resource: { path: string }) => resource.path,
      ({ resourceMethods }) =>
        mapValues(resourceMethods ?? {}, ({ requestValidatorId, authorizerId, methodIntegration = {}, ...method }) => {
          const { cacheNamespace, ...integration } = methodIntegration;
          return {
            ...method,
            validator: nameOf(validators.items, requestValidatorId),
            authorizer: nameOf(authorizers.items, authorizerId),
            integration,
          };
        }),
    ),
    models: byName(models.items, ({ schema }) => {
      // A definition does not say of which draft its schemas are.
      const { $schema: _draft, ...rest } = JSON.parse(schema.replaceAll(restApiId, 'THE-API'));
      return rest;
    }),
    validators: byName(validators.items, ({ id: _id, ...validator }) => validator),
    authorizers: byName(authorizers.items, ({ id: _id, ...authorizer }) => authorizer),
    gatewayResponses: gatewayResponses.items.filter((one: { defaultResponse: boolean }) => !one.defaultResponse),
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

// biome-ignore lint/suspicious/noExplicitAny: as above.
type Item = any;

const byName = (items: readonly Item[], shape: (item: Item) => unknown) => byKey(items, ({ name }) => name, shape);

function byKey(items: readonly Item[], key: (item: Item) => string, shape: (item: Item) => unknown): object {
  return Object.fromEntries(items.map((item) => [key(item), shape(item)]));
}

function mapValues(values: object, shape: (value: Item) => unknown): object {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shape(value)]));
}
