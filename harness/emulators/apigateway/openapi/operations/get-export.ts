import { GetExport$, type GetExportRequest } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../../errors.ts';
import { operation } from '../../operations/operation.ts';
import { findDeployment, findStage } from '../../store/store.ts';
import { type ExportType, exportApi, readExtensions, versionOf } from '../export.ts';

const FORMATS: Readonly<Record<string, 'json' | 'yaml'>> = { 'application/json': 'json', 'application/yaml': 'yaml' };

/** What is deployed to a stage, as a definition. */
export const getExport = operation(GetExport$, async ({ store }, input: GetExportRequest, call) => {
  const api = store.api(call, input.restApiId);
  const stage = findStage(api, input.stageName);
  const { exportType = '' } = input;
  if (exportType !== 'oas30' && exportType !== 'swagger') {
    throw badRequest(`No API exporter for type '${exportType}'`);
  }
  const format = FORMATS[input.accepts || 'application/json'];
  if (format === undefined) throw badRequest('Invalid content type specified');
  const deployment = findDeployment(api, stage.deploymentId);
  const extensions = readExtensions(input.parameters?.extensions);
  const document = exportApi(api, stage, deployment, exportType as ExportType, extensions);
  return {
    body: Buffer.from(await write(document, format)),
    contentType: 'application/octet-stream',
    contentDisposition: `attachment; filename="${exportType}_${versionOf(api, deployment)}.${format}"`,
  };
});

async function write(document: object, format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return JSON.stringify(document, undefined, 2);
  const { stringify } = await import('yaml');
  return stringify(document, { version: '1.1', aliasDuplicateObjects: false });
}
