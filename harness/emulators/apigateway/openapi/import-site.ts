import type { Random } from '../../../clock/index.ts';
import type { OperationMaker } from '../operations/operation.ts';
import type { RestApi } from '../store/model.ts';
import type { OpenApiDocument, Plain, PlainObject } from './document.ts';
import { objectOf } from './document.ts';
import type { Findings } from './findings.ts';

/** What AWS's extensions of OpenAPI begin with. */
export const EXTENSION = 'x-amazon-apigateway-';

/** What an import works on. */
export interface ImportSite {
  readonly document: OpenApiDocument;
  /** The API as it was. */
  readonly before: RestApi;
  readonly draft: RestApi;
  readonly findings: Findings;
  readonly random: Random;
  /** Calls an operation on the draft, as a client would on an API. */
  call(maker: OperationMaker, input: object): Promise<unknown>;
}

/** An extension of the whole definition. */
export const extensionOf = ({ document }: ImportSite, name: string): Plain | undefined =>
  document.root[EXTENSION + name];

export const extensionObject = (site: ImportSite, name: string): PlainObject => objectOf(extensionOf(site, name));
