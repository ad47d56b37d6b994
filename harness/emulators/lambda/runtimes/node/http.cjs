'use strict';
/*
 * The smallest HTTP/1.1 client that the Runtime API needs: one kept connection, one request at a time. `node:http`
 * would cost each cold start some milliseconds (4 of 22 measured).
 */
const { connect } = require('node:net');

const END_OF_HEADERS = Buffer.from('\r\n\r\n');
const END_OF_LINE = Buffer.from('\r\n');

/**
 * `request(method, path, headers, body)` resolves with `{ status, headers, body }`, header names in lower case. While a
 * request is on its way, it keeps the process alive; the idle connection does not.
 */
exports.createConnection = (address) => {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon);
  const port = Number(address.slice(colon + 1));
  let socket;
  let pending;

  function open() {
    const opened = connect({ host, port, noDelay: true });
    let chunks = [];
    let length = 0;
    let needed = 0;
    opened.on('data', (chunk) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < needed) return;
      const received = chunks.length === 1 ? chunk : Buffer.concat(chunks, length);
      const answer = parse(received);
      if (typeof answer === 'number') {
        chunks = [received];
        needed = answer;
        return;
      }
      chunks = [];
      length = 0;
      needed = 0;
      opened.used = true;
      opened.unref();
      settle((request) => request.resolve(answer));
    });
    opened.on('error', () => {});
    opened.on('close', () => {
      if (socket === opened) socket = undefined;
      if (pending?.socket !== opened) return;
      // A server may close a connection that was idle for long just when it is used again.
      if (opened.used && length === 0 && !pending.again) {
        pending.again = true;
        send(pending);
      } else {
        settle((request) => request.reject(new Error(`The Runtime API at ${address} closed the connection.`)));
      }
    });
    return opened;
  }

  function settle(how) {
    const request = pending;
    pending = undefined;
    if (request !== undefined) how(request);
  }

  function send(request) {
    socket ??= open();
    request.socket = socket;
    socket.ref();
    socket.cork();
    socket.write(request.head, 'latin1');
    if (request.body !== undefined) socket.write(request.body);
    socket.uncork();
  }

  return {
    open() {
      socket ??= open();
    },
    request(method, path, headers, body) {
      const lines = [`${method} ${path} HTTP/1.1`, `Host: ${address}`];
      for (const name of Object.keys(headers)) lines.push(`${name}: ${headers[name]}`);
      if (body !== undefined) lines.push(`Content-Length: ${body.length}`);
      const head = `${lines.join('\r\n')}\r\n\r\n`;
      return new Promise((resolve, reject) => {
        pending = { head, body, resolve, reject, again: false };
        send(pending);
      });
    },
  };
};

/** The answer that these bytes are; or, while they are only its beginning, how many there must be to look again. */
function parse(bytes) {
  const end = bytes.indexOf(END_OF_HEADERS);
  if (end === -1) return bytes.length + 1;
  const [first, ...lines] = bytes.latin1Slice(0, end).split('\r\n');
  const status = Number(first.split(' ', 2)[1]);
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const start = end + END_OF_HEADERS.length;
  if (headers['transfer-encoding']?.toLowerCase() === 'chunked') {
    const body = unchunk(bytes, start);
    return typeof body === 'number' ? body : { status, headers, body };
  }
  const length = start + Number(headers['content-length'] ?? 0);
  return bytes.length < length ? length : { status, headers, body: bytes.subarray(start, length) };
}

function unchunk(bytes, start) {
  const chunks = [];
  for (let at = start; ; ) {
    const line = bytes.indexOf(END_OF_LINE, at);
    if (line === -1) return bytes.length + 1;
    const size = Number.parseInt(bytes.latin1Slice(at, line), 16);
    const end = line + END_OF_LINE.length + size + END_OF_LINE.length;
    if (bytes.length < end) return end;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(line + END_OF_LINE.length, end - END_OF_LINE.length));
    at = end;
  }
}
//# sourceURL=/var/runtime/http.cjs
