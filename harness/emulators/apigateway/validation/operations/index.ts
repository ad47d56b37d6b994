import type { OperationMaker } from '../../operations/operation.ts';
import { createModel, deleteModel, getModel, getModels, getModelTemplate, updateModel } from './models.ts';
import {
  createRequestValidator,
  deleteRequestValidator,
  getRequestValidator,
  getRequestValidators,
  updateRequestValidator,
} from './request-validators.ts';

/** Models and request validators. */
export const VALIDATION_OPERATIONS: readonly OperationMaker[] = [
  createModel,
  createRequestValidator,
  deleteModel,
  deleteRequestValidator,
  getModel,
  getModels,
  getModelTemplate,
  getRequestValidator,
  getRequestValidators,
  updateModel,
  updateRequestValidator,
];
