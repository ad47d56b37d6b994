import { el } from '../../../page-kit/page/dom.ts';
import type { SeriesAnswer } from '../shared/api.ts';
import { SENSORS } from '../shared/sensors.ts';
import type { Formats } from './format.ts';
import { SENSOR_NAMES, type Texts } from './texts.ts';

/** The charts in numbers, for whoever does not see them. */
export function summaryTable(answer: SeriesAnswer | undefined, texts: Texts, formats: Formats): Node[] {
  const names = [texts.detectorColumn, texts.sensorColumn, texts.count, texts.average, texts.least, texts.greatest];
  const rows = (answer?.detectors ?? []).flatMap(({ groupid, sensors }) =>
    SENSORS.flatMap((sensor) => {
      const { whole } = sensors[sensor];
      if (whole === undefined) return [];
      const numbers = [whole.avg, whole.min, whole.max].map((value) => formats.value(value));
      const cells = [groupid, SENSOR_NAMES[sensor], formats.count(whole.count), ...numbers];
      return [el('tr', {}, ...cells.map((cell) => el('td', {}, cell)))];
    }),
  );
  return [
    el('summary', { 'data-key': 'summary' }, texts.table),
    rows.length === 0
      ? el('p', { class: 'fine' }, texts.noneInRange)
      : el(
          'div',
          { class: 'table' },
          el(
            'table',
            {},
            el('thead', {}, el('tr', {}, ...names.map((name) => el('th', { scope: 'col' }, name)))),
            el('tbody', {}, ...rows),
          ),
        ),
  ];
}
