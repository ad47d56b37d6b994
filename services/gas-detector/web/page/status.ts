import type { AskError } from '../../../page-kit/page/client.ts';
import type { Status } from '../../../page-kit/page/frame.ts';
import type { Latest } from '../shared/api.ts';
import { NO2_WARNING } from '../shared/sensors.ts';
import type { Formats } from './format.ts';
import type { Texts } from './texts.ts';
import { isAlarmed, SILENT_AFTER } from './tiles.ts';

/** The one sentence at the top: what matters most now. */
export function statusOf(
  latest: Latest | undefined,
  problem: AskError | undefined,
  now: number,
  texts: Texts,
  formats: Formats,
): Status {
  if (problem !== undefined) {
    const { code } = problem;
    const failures: Readonly<Partial<Record<string, string>>> = texts.failures;
    const asOf = latest === undefined ? '' : texts.asOf(formats.dateTime(latest.now));
    return { kind: 'trouble', text: `${failures[code] ?? texts.failures.other}${asOf}` };
  }
  if (latest === undefined) return { kind: 'loading', text: texts.loading };
  if (latest.detectors.length === 0) return { kind: 'none', text: texts.none };
  const heard = latest.detectors.filter((detector) => now - detector.date <= SILENT_AFTER);
  const [worst, ...others] = heard
    .filter(isAlarmed)
    .sort((a, b) => (b.sensors.no2?.value ?? 0) - (a.sensors.no2?.value ?? 0));
  if (worst?.sensors.no2 !== undefined) {
    const { value, date } = worst.sensors.no2;
    const text = texts.alarm(worst.groupid, formats.value(value), formats.ago(now - date));
    return { kind: 'alarm', text: others.length === 0 ? text : text + texts.andMore(others.length) };
  }
  const isKnown = latest.detectors.some(({ sensors }) => sensors.no2 !== undefined);
  return isKnown ? { kind: 'calm', text: texts.calm(NO2_WARNING) } : { kind: 'none', text: texts.noNumber };
}
