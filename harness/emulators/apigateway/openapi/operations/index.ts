import type { OperationMaker } from '../../operations/operation.ts';
import { getExport } from './get-export.ts';
import { importRestApi, putRestApi } from './import-rest-api.ts';

/** Import and export of definitions, OpenAPI 3.0 and Swagger 2.0. */
export const OPENAPI_OPERATIONS: readonly OperationMaker[] = [getExport, importRestApi, putRestApi];
