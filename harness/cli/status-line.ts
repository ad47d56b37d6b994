import { machine } from '../clock/index.ts';

/** How often it is told how far things are. */
const INTERVAL_MS = 2_000;

/** Tells every two seconds, where there is news, how far a command is: as plain lines, on a terminal and in a CI log. */
export function tellOften(describe: () => string, write: (line: string) => void): { end(): void } {
  let told = '';
  let timer = arm();

  function arm() {
    return machine.setTimer(INTERVAL_MS, () => {
      const line = describe();
      if (line !== told) write(line);
      told = line;
      timer = arm();
    });
  }

  return { end: () => timer.cancel() };
}
