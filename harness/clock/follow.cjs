'use strict';
/*
 * Preloaded into Node processes that shall see the bench's time (`node --require follow.cjs`): `Date` then shows what
 * the file named by NAETMUL_CLOCK says, see mirror.ts. Timers and `performance.now()` stay the machine's. Loads nothing
 * but `fs`, since every cold start of a function pays for it.
 */
const { openSync, readSync } = require('node:fs');

const file = process.env.NAETMUL_CLOCK;
if (file !== undefined && file !== '') follow(openSync(file, 'r'));

function follow(descriptor) {
  const MachineDate = Date;
  const machineNow = Date.now;
  const bytes = new Float64Array(1);
  const view = new DataView(bytes.buffer);

  function now() {
    // A file that cannot be read any more belonged to a bench that is gone.
    try {
      readSync(descriptor, bytes, 0, 8, 0);
    } catch {
      return machineNow();
    }
    return view.getFloat64(0, true) || machineNow();
  }

  function BenchDate(...parts) {
    if (new.target === undefined) return new MachineDate(now()).toString();
    return Reflect.construct(MachineDate, parts.length === 0 ? [now()] : parts, new.target);
  }
  Object.defineProperties(BenchDate, Object.getOwnPropertyDescriptors(MachineDate));
  Object.defineProperty(BenchDate, 'now', { value: now, writable: true, configurable: true });
  Object.defineProperty(MachineDate.prototype, 'constructor', {
    value: BenchDate,
    writable: true,
    configurable: true,
  });
  Object.defineProperty(globalThis, 'Date', { value: BenchDate, writable: true, configurable: true });
}
