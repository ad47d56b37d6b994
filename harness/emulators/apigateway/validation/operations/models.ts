import {
  CreateModel$,
  type CreateModelRequest,
  DeleteModel$,
  type DeleteModelRequest,
  GetModel$,
  type GetModelRequest,
  GetModels$,
  type GetModelsRequest,
  GetModelTemplate$,
  type GetModelTemplateRequest,
  type Model as ModelShape,
  UpdateModel$,
  type UpdateModelRequest,
} from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../../edge/emulator.ts';
import { badRequest, conflict, notFound } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { page } from '../../operations/paging.ts';
import { readPatches, unknownPath, unsupportedOp } from '../../patch.ts';
import { newPartId } from '../../store/ids.ts';
import type { Model, RestApi } from '../../store/model.ts';
import { present } from '../../store/shapes.ts';
import type { Store } from '../../store/store.ts';
import { flatten } from '../flatten.ts';
import { checkModelName, checkModelSchema, modelsIn } from '../model-checks.ts';
import { sampleTemplate } from '../sample-template.ts';

const PATHS = ['/description', '/schema'];

export const createModel = operation(CreateModel$, ({ store, random }, input: CreateModelRequest, call) => {
  const api = store.api(call, input.restApiId);
  const name = checkModelName(input.name);
  checkModelSchema(api, name, input.schema);
  if (api.models.has(name)) throw conflict('Model name already exists for this REST API');
  const model: Model = {
    id: newPartId(random),
    name,
    contentType: input.contentType ?? '',
    description: input.description || undefined,
    schema: input.schema,
  };
  if (!model.contentType) throw badRequest('Content type must be non-empty');
  api.models.set(name, model);
  return modelShape(model);
});

export const getModel = operation(GetModel$, ({ store }, input: GetModelRequest, call) => {
  const { api, model } = findModel(store, call, input);
  return modelShape(input.flatten ? { ...model, schema: flatten(api.models, model) } : model);
});

export const getModels = operation(GetModels$, ({ store }, input: GetModelsRequest, call) => {
  const all = [...store.api(call, input.restApiId).models.values()];
  const { items, position } = page(all, input, ({ id }) => id);
  return { items: items.map(modelShape), position };
});

export const getModelTemplate = operation(GetModelTemplate$, ({ store }, input: GetModelTemplateRequest, call) => {
  const { api, model } = findModel(store, call, input);
  return { value: sampleTemplate(api.models, model) };
});

/** All patches are applied, or none. */
export const updateModel = operation(UpdateModel$, ({ store }, input: UpdateModelRequest, call) => {
  const { api, model } = findModel(store, call, input);
  const next = { ...model };
  for (const patch of readPatches(input.patchOperations, 'updateModelInput')) {
    const { op, path, value } = patch;
    if (op !== 'replace') throw unsupportedOp(path, op);
    if (path === '/description') {
      next.description = value || undefined;
    } else if (path === '/schema') {
      checkModelSchema(api, model.name, value);
      next.schema = value;
    } else {
      throw unknownPath(patch, PATHS);
    }
  }
  api.models.set(model.name, next);
  return modelShape(next);
});

export const deleteModel = operation(DeleteModel$, ({ store }, input: DeleteModelRequest, call) => {
  const { api, model } = findModel(store, call, input);
  const use = useOf(api, model.name);
  if (use !== undefined) throw conflict(`Cannot delete model '${model.name}', is referenced in ${use}`);
  api.models.delete(model.name);
  return {};
});

/** Where a model is used. The newest resource is named first (recorded). */
function useOf(api: RestApi, name: string): string | undefined {
  for (const resource of [...api.resources.values()].reverse()) {
    for (const method of resource.methods.values()) {
      const place = `${resource.path}/${method.httpMethod}`;
      if (Object.values(method.requestModels ?? {}).includes(name)) return `method request: ${place}`;
      const responses = [...method.responses.values()].flatMap((response) =>
        Object.values(response.responseModels ?? {}),
      );
      if (responses.includes(name)) return `method response: ${place}`;
    }
  }
  const user = [...api.models.values()].find((other) => other.name !== name && modelsIn(other).includes(name));
  return user && `model: ${user.name}`;
}

const modelShape = (model: Readonly<Model>): ModelShape => present({ ...model });

/** The model; a wrong API is reported as a wrong model (recorded). */
function findModel(
  store: Store,
  call: Call,
  at: { readonly restApiId: string | undefined; readonly modelName: string | undefined },
): { api: RestApi; model: Model } {
  const api = store.apis.get(at.restApiId ?? '');
  const model =
    api?.region === call.region && api.accountId === call.accountId ? api.models.get(at.modelName ?? '') : undefined;
  if (!api || !model) throw notFound(`Invalid model name specified: ${at.modelName}`);
  return { api, model };
}
