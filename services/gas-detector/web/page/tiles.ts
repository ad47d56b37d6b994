import { el } from '../../../page-kit/page/dom.ts';
import type { Detector } from '../shared/api.ts';
import { NO2_WARNING, SENSORS, type Sensor } from '../shared/sensors.ts';
import type { Formats } from './format.ts';
import { colorOf } from './palette.ts';
import { SENSOR_NAMES, type Texts } from './texts.ts';

/** A detector that has not been heard for so long is silent, in ms. */
export const SILENT_AFTER = 10 * 60 * 1000;

/** How many cards are there before the first answer, so that nothing jumps. */
const PLACEHOLDERS = 4;

export function isAlarmed(detector: Detector): boolean {
  return (detector.sensors.no2?.value ?? 0) >= NO2_WARNING;
}

export interface TilesOptions {
  readonly detectors: readonly Detector[] | undefined;
  readonly now: number;
  readonly selected: string | undefined;
  readonly texts: Texts;
  readonly formats: Formats;
}

/** A card with the newest values of each detector. */
export function tiles({ detectors, now, selected, texts, formats }: TilesOptions): Node[] {
  if (detectors === undefined) {
    return Array.from({ length: PLACEHOLDERS }, () =>
      el('div', { class: 'card tile placeholder', 'aria-hidden': 'true' }),
    );
  }
  if (detectors.length === 0) return [el('div', { class: 'card tile empty' }, el('p', {}, texts.none))];
  const all = detectors.map(({ groupid }) => groupid);
  return detectors.map((detector) => {
    const isSilent = now - detector.date > SILENT_AFTER;
    const isAside = selected !== undefined && selected !== detector.groupid;
    const ago = formats.ago(now - detector.date);
    return el(
      'article',
      {
        class: `card tile${isSilent ? ' silent' : ''}${isAside ? ' aside' : ''}`,
        'aria-label': texts.detector(detector.groupid),
      },
      el(
        'h3',
        {},
        el('span', { class: 'dot', 'data-line': colorOf(detector.groupid, all).slice(2) }),
        texts.detector(detector.groupid),
        el('span', { class: 'ago' }, isSilent ? `${texts.silent} · ${ago}` : ago),
      ),
      el('dl', {}, ...SENSORS.map((sensor) => shownValue(detector, sensor, texts, formats))),
    );
  });
}

function shownValue({ sensors }: Detector, sensor: Sensor, texts: Texts, formats: Formats): HTMLElement {
  const latest = sensors[sensor];
  const isAlarm = sensor === 'no2' && latest !== undefined && latest.value >= NO2_WARNING;
  const shown = latest === undefined ? '–' : formats.value(latest.value);
  return el(
    'div',
    { class: `value${isAlarm ? ' alarm' : ''}`, title: latest?.sensorid && texts.sensor(latest.sensorid) },
    el(
      'dt',
      {},
      SENSOR_NAMES[sensor],
      isAlarm ? el('strong', {}, ' ▲', el('span', {}, ` ${texts.warning}`)) : undefined,
    ),
    el('dd', latest === undefined ? { 'aria-label': texts.noValue } : {}, shown),
  );
}
