import { newPartId } from '../store/ids.ts';
import type { Model } from '../store/model.ts';
import { checkModelName, checkModelSchema } from '../validation/model-checks.ts';
import { isObject, type PlainObject, textOf } from './document.ts';
import type { ImportSite } from './import-site.ts';
import { modelNameIn, toModelSchema } from './schemas.ts';

/** What models are called whose schemas are written in place. */
const INLINE_MODEL = /^MODEL[a-z0-9]{6}$/;

export async function importModels(site: ImportSite): Promise<void> {
  const put: string[] = [];
  for (const [name, schema] of Object.entries(site.document.schemas)) {
    if (!isObject(schema)) continue;
    await attempt(site, name, () => {
      checkModelName(name);
      setModel(site, name, schema);
      put.push(name);
    });
  }
  // Models may refer to models that come later, or back to themselves.
  for (const name of put) await checkModel(site, name);
}

/** The names of models by content type; a schema that is written in place becomes a model of its own. */
export async function modelNames(
  site: ImportSite,
  schemas: Readonly<Record<string, PlainObject>>,
): Promise<Record<string, string> | undefined> {
  const names: Record<string, string> = {};
  for (const [type, schema] of Object.entries(schemas)) {
    const { $ref } = schema;
    const name = typeof $ref === 'string' ? (modelNameIn($ref) ?? $ref) : await inlineModel(site, schema);
    if (site.draft.models.has(name)) names[type] = name;
    else site.findings.warn(`Reference to model '${name}' not found. Ignoring.`);
  }
  return Object.keys(names).length === 0 ? undefined : names;
}

async function inlineModel(site: ImportSite, schema: PlainObject): Promise<string> {
  const text = schemaText(site, schema);
  for (const [name, model] of site.draft.models) if (INLINE_MODEL.test(name) && model.schema === text) return name;
  const name = `MODEL${newPartId(site.random)}`;
  setModel(site, name, schema);
  await checkModel(site, name);
  return name;
}

function setModel(site: ImportSite, name: string, schema: PlainObject): void {
  const { models } = site.draft;
  const model: Model = {
    id: models.get(name)?.id ?? newPartId(site.random),
    name,
    contentType: 'application/json',
    description: textOf(schema.description),
    schema: schemaText(site, schema),
  };
  models.set(name, model);
}

const schemaText = ({ draft }: ImportSite, schema: PlainObject): string =>
  JSON.stringify(toModelSchema(schema, draft.id), undefined, 2);

async function checkModel(site: ImportSite, name: string): Promise<void> {
  const { draft } = site;
  await attempt(site, name, () => checkModelSchema(draft, name, draft.models.get(name)?.schema));
}

const attempt = ({ findings }: ImportSite, name: string, part: () => unknown): Promise<void> =>
  findings.attempt(`Unable to create model for '${name}'`, part);
