import {
  ImportRestApi$,
  type ImportRestApiRequest,
  PutRestApi$,
  type PutRestApiRequest,
} from '@aws-sdk/client-api-gateway';
import { validationError } from '../../errors.ts';
import { createRestApi } from '../../operations/create-rest-api.ts';
import { operation } from '../../operations/operation.ts';
import { restApiShape } from '../../store/shapes.ts';
import { Store } from '../../store/store.ts';
import { readBasePathMode } from '../base-path.ts';
import { objectOf, readDocument, textOf } from '../document.ts';
import type { PutMode } from '../draft.ts';
import { importDefinition } from '../importer.ts';

const MODES: readonly string[] = ['merge', 'overwrite'];

export const importRestApi = operation(ImportRestApi$, async (parts, input: ImportRestApiRequest, call) => {
  const document = await readDocument(input.body);
  const basePath = readBasePathMode(input.parameters?.basepath);
  const types = input.parameters?.endpointConfigurationTypes;
  const name = textOf(objectOf(document.root.info).title);
  // The API is made where nobody sees it until all of the definition is in it.
  const store = new Store();
  const { id } = (await createRestApi({ ...parts, store }).run(
    { name, endpointConfiguration: types === undefined ? undefined : { types: types.split(',') } } as never,
    call,
  )) as { readonly id: string };
  const api = store.api(call, id);
  const options = { mode: 'overwrite', basePath, failOnWarnings: input.failOnWarnings ?? false } as const;
  const warnings = await importDefinition(parts, call, api, document, options);
  parts.store.apis.set(id, api);
  return { ...restApiShape(api), ...shown(warnings) };
});

export const putRestApi = operation(PutRestApi$, async (parts, input: PutRestApiRequest, call) => {
  const document = await readDocument(input.body);
  const api = parts.store.api(call, input.restApiId);
  const mode = readMode(input.mode);
  const basePath = readBasePathMode(input.parameters?.basepath);
  const options = { mode, basePath, failOnWarnings: input.failOnWarnings ?? false };
  const warnings = await importDefinition(parts, call, api, document, options);
  return { ...restApiShape(api), tags: Object.fromEntries(api.tags), ...shown(warnings) };
});

function readMode(mode: string | undefined): PutMode {
  if (mode === undefined) return 'merge';
  if (MODES.includes(mode)) return mode as PutMode;
  throw validationError([
    `Value '${mode}' at 'mode' failed to satisfy constraint: Member must satisfy enum value set: [${MODES.join(', ')}]`,
  ]);
}

const shown = (warnings: string[]) => (warnings.length === 0 ? {} : { warnings });
