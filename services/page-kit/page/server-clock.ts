/**
 * The server's time, which need not be this device's: on a testbench it is moved, runs ahead, or stands still. Between
 * answers it is guessed to go on as it did between the last two.
 */
export class ServerClock {
  #heard: { readonly server: number; readonly local: number } | undefined;
  #runs = true;

  /** The server's time now; undefined before the first answer. */
  now(local: number): number | undefined {
    if (this.#heard === undefined) return undefined;
    return this.#heard.server + (this.#runs ? local - this.#heard.local : 0);
  }

  /** How far the server's time is from this device's, in ms. */
  offset(local: number): number {
    return (this.now(local) ?? local) - local;
  }

  hear(server: number, local: number): void {
    const before = this.#heard;
    // Answers of the same moment say nothing about the speed.
    if (before !== undefined && local - before.local < 500) {
      if (server > before.server) this.#heard = { server, local };
      return;
    }
    if (before !== undefined) this.#runs = server - before.server > (local - before.local) / 2;
    this.#heard = { server, local };
  }
}
