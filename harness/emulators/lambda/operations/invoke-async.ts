import { InvokeAsync$, type InvokeAsyncRequest, type InvokeAsyncResponse } from '@aws-sdk/client-lambda';
import { enqueue, findRevision, readPayload } from './invoke.ts';
import { operation } from './operation.ts';

/** The old form of `Invoke` with the type `Event`. */
export const invokeAsync = operation(
  InvokeAsync$,
  async (parts, input: InvokeAsyncRequest, call): Promise<InvokeAsyncResponse> => {
    const { revision } = findRevision(parts, 'InvokeAsync', call, input.FunctionName);
    await enqueue(parts, call, revision, readPayload(input.InvokeArgs as never, 'Event'));
    return { Status: 202 };
  },
);
