import { DeleteFunction$, type DeleteFunctionRequest, type DeleteFunctionResponse } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';

/** Mappings that lead to the function stay, as on AWS. */
export const deleteFunction = operation(
  DeleteFunction$,
  async (parts, input: DeleteFunctionRequest, call): Promise<DeleteFunctionResponse> => {
    const { arn, qualifier } = readFunctionName('DeleteFunction', call, input.FunctionName, input.Qualifier);
    if (qualifier === '$LATEST') {
      throw errors.invalid('$LATEST version cannot be deleted without deleting the function.');
    }
    if (qualifier !== undefined && /^(?!\d+$)[a-zA-Z0-9-_]+$/.test(qualifier)) {
      throw errors.invalid('Deletion of aliases is not currently supported.');
    }
    // There are no versions; AWS does not say which one it did not find.
    if (qualifier !== undefined || !parts.functions.get(arn)) throw errors.functionNotFound(arn);
    parts.functions.delete(arn);
    await parts.retire(arn);
    return { StatusCode: 204 };
  },
);
