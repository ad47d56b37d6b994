import { TestInvokeMethod$, type TestInvokeMethodRequest } from '@aws-sdk/client-api-gateway';
import { notFound, refuse } from '../errors.ts';
import { operation } from '../operations/operation.ts';
import { findResource } from '../store/store.ts';

/** Calls a method as it is now, deployed or not. Nobody has to be let in, nothing is counted. */
export const testInvokeMethod = operation(
  TestInvokeMethod$,
  async ({ store, testInvoke }, input: TestInvokeMethodRequest, call) => {
    const resource = findResource(store, call, input.restApiId, input.resourceId);
    const method = resource.methods.get(input.httpMethod ?? '') ?? resource.methods.get('ANY');
    if (!method) throw notFound('Invalid Method identifier specified');
    if (!method.integration) throw notFound('No integration defined for method');
    refuse(input.clientCertificateId, 'client certificates (clientCertificateId)');
    return await testInvoke(store.api(call, input.restApiId), resource, input);
  },
);
