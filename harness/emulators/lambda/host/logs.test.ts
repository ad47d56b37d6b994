import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogFrames } from './log-frames.ts';
import { LogLines } from './log-lines.ts';

function framed(message: string): Buffer {
  const content = Buffer.from(message);
  const header = Buffer.alloc(16);
  header.writeUInt32BE(0xa55a0003, 0);
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

/** The same bytes in the pieces in which a pipe may bring them. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const cuts = fc.array(fc.nat(), { maxLength: 8 });

test('frames come out whole and in order, wherever the pipe cuts them', () => {
  fc.assert(
    fc.property(fc.array(text), cuts, (messages, where) => {
      const frames = new LogFrames();
      const out = pieces(Buffer.concat(messages.map(framed)), where).flatMap((piece) => frames.add(piece));
      expect(out).toEqual(messages);
    }),
  );
});

test('what is written to the telemetry pipe without a frame is shown as it is', () => {
  expect(new LogFrames().add(Buffer.from('a handler wrote here, without a frame'))).toEqual([
    'a handler wrote here, without a frame',
  ]);
});

test('lines come out whole, wherever the pipe cuts them, even within a character', () => {
  const line = text.map((value) => value.replaceAll('\n', ''));
  fc.assert(
    fc.property(fc.array(line), line, cuts, (whole, rest, where) => {
      const lines = new LogLines();
      const bytes = Buffer.from(whole.map((one) => `${one}\n`).join('') + rest);
      const out = pieces(bytes, where).flatMap((piece) => lines.add(piece));
      expect([...out, ...lines.flush()]).toEqual([...whole, ...(rest === '' ? [] : [rest])]);
    }),
  );
});

test('a line without an end is cut into events of 256 KB', () => {
  const lines = new LogLines();
  const out = lines.add(Buffer.alloc(600 * 1024, 'x'));
  expect(out.map((line) => line.length)).toEqual([256 * 1024, 256 * 1024]);
  expect(lines.flush().map((line) => line.length)).toEqual([88 * 1024]);
});
