/**
 * Takes apart the framed log of `_LAMBDA_TELEMETRY_LOG_FD`: type (4 bytes, `a5 5a 00 xx`, the last byte says format and
 * level), length of the message (4), time in µs (8), message; big-endian (javadoc of AWS's FramedTelemetryLogSink).
 * One message is one log event, however many lines it has.
 */
export class LogFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that are whole now. What is no frame comes back as it is. */
  add(chunk: Buffer): string[] {
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: string[] = [];
    while (rest.length >= HEADER_BYTES) {
      if (!isFrame(rest)) {
        messages.push(rest.toString('utf8'));
        rest = Buffer.alloc(0);
        break;
      }
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      messages.push(rest.toString('utf8', HEADER_BYTES, end));
      rest = rest.subarray(end);
    }
    this.#rest = rest;
    return messages;
  }
}

const HEADER_BYTES = 16;
const FRAME_MAGIC = 0xa55a00;

function isFrame(bytes: Buffer): boolean {
  return bytes.readUIntBE(0, 3) === FRAME_MAGIC;
}
