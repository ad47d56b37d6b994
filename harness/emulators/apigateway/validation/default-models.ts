import type { Random } from '../../../clock/index.ts';
import { newPartId } from '../store/ids.ts';
import type { Model } from '../store/model.ts';

const DRAFT_4 = 'http://json-schema.org/draft-04/schema#';

const DEFAULTS = [
  {
    name: 'Empty',
    description: 'This is a default empty schema model',
    schema: { $schema: DRAFT_4, title: 'Empty Schema', type: 'object' },
  },
  {
    name: 'Error',
    description: 'This is a default error schema model',
    schema: { $schema: DRAFT_4, title: 'Error Schema', type: 'object', properties: { message: { type: 'string' } } },
  },
];

/** What every API begins with that is not imported (recorded). */
export function makeDefaultModels(random: Random): Map<string, Model> {
  return new Map(
    DEFAULTS.map(({ name, description, schema }) => [
      name,
      {
        id: newPartId(random),
        name,
        description,
        contentType: 'application/json',
        schema: JSON.stringify(schema, undefined, 2),
      },
    ]),
  );
}
