import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server of a story's own, for APIs to call. Ends with its connections when it is disposed of. */
export interface Backend extends AsyncDisposable {
  /** `http://127.0.0.1:41333/`. */
  readonly url: string;
}

export async function listenAs(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Backend> {
  // Connections stay open: one that is closed just as it is used is another story.
  const server = createServer({ keepAliveTimeout: 0 }, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with the body that it gets, so that a caller sees what came through. */
export function echo(request: IncomingMessage, response: ServerResponse): void {
  request.pipe(response);
}
