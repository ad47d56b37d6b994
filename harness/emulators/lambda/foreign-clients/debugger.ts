import { once } from 'node:events';

// biome-ignore lint/suspicious/noExplicitAny: what the protocol answers; the test says what it expects of it.
type Said = any;

/** A debugger's end of the Chrome DevTools Protocol, as an editor or Chrome has it. */
export async function attachDebugger(address: string) {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const answers = new Map<number, (said: Said) => void>();
  const events = new Map<string, (said: Said) => void>();
  socket.addEventListener('message', ({ data }) => {
    const said = JSON.parse(data);
    if (said.id === undefined) events.get(said.method)?.(said.params);
    else answers.get(said.id)?.(said);
  });
  let calls = 0;
  return {
    /** What the method answers; its errors are thrown. */
    async call(method: string, params: object = {}): Promise<Said> {
      const id = ++calls;
      const answered = new Promise<Said>((resolve) => answers.set(id, resolve));
      socket.send(JSON.stringify({ id, method, params }));
      const { result, error } = await answered;
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    },

    /** The next event of the name. To be called before what makes it happen. */
    next: (event: string) => new Promise<Said>((resolve) => events.set(event, resolve)),

    async close(): Promise<void> {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
