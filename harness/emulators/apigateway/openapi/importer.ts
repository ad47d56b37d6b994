import type { Call } from '../../../edge/emulator.ts';
import type { Parts } from '../operations/operation.ts';
import type { RestApi } from '../store/model.ts';
import { Store } from '../store/store.ts';
import { type BasePathMode, prefixOf } from './base-path.ts';
import { type OpenApiDocument, objectOf } from './document.ts';
import { adopt, draftOf, type PutMode } from './draft.ts';
import { Findings } from './findings.ts';
import { importPath } from './import-methods.ts';
import { importModels } from './import-models.ts';
import { importAuthorizers, importGatewayResponses, importSettings, importValidators } from './import-settings.ts';
import type { ImportSite } from './import-site.ts';

export interface ImportOptions {
  readonly mode: PutMode;
  readonly basePath: BasePathMode;
  readonly failOnWarnings: boolean;
}

/**
 * Makes an API what a definition says, or leaves it as it is. Every part is put by the operation that a client would
 * call, so that definitions are held to the same rules and refused in the same words. Answers the warnings.
 */
export async function importDefinition(
  parts: Parts,
  call: Call,
  api: RestApi,
  document: OpenApiDocument,
  options: ImportOptions,
): Promise<string[]> {
  const draft = draftOf(api, options.mode);
  const findings = new Findings();
  const store = new Store();
  store.apis.set(draft.id, draft);
  const site: ImportSite = {
    document,
    before: api,
    draft,
    findings,
    random: parts.random,
    async call(maker, input) {
      return await maker({ ...parts, store }).run({ restApiId: draft.id, ...input } as never, call);
    },
  };
  importSettings(site);
  await importModels(site);
  await importAuthorizers(site);
  importValidators(site);
  await importGatewayResponses(site);
  const prefix = prefixOf(document, options.basePath);
  for (const [path, item] of Object.entries(objectOf(document.root.paths))) {
    if (!path.startsWith('x-')) await importPath(site, prefix, path, document.part(item) ?? {});
  }
  findings.settle(options.failOnWarnings);
  adopt(api, draft);
  return findings.warnings;
}
