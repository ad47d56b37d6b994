import type { OperationMaker } from '../../operations/operation.ts';
import { createApiMapping, deleteApiMapping, getApiMapping, getApiMappings, updateApiMapping } from './api-mappings.ts';
import {
  createBasePathMapping,
  deleteBasePathMapping,
  getBasePathMapping,
  getBasePathMappings,
  updateBasePathMapping,
} from './base-path-mappings.ts';
import { createDomainName } from './create-domain-name.ts';
import { deleteDomainName, getDomainName, getDomainNames } from './domain-names.ts';
import { updateDomainName } from './update-domain-name.ts';

export const DOMAIN_NAME_OPERATIONS: readonly OperationMaker[] = [
  createDomainName,
  getDomainName,
  getDomainNames,
  updateDomainName,
  deleteDomainName,
  createBasePathMapping,
  getBasePathMapping,
  getBasePathMappings,
  updateBasePathMapping,
  deleteBasePathMapping,
  createApiMapping,
  getApiMapping,
  getApiMappings,
  updateApiMapping,
  deleteApiMapping,
];
