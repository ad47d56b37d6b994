import { el, svg } from '../../../page-kit/page/dom.ts';
import type { Detector } from '../shared/api.ts';
import type { Formats } from './format.ts';
import { colorOf } from './palette.ts';
import { positionOf, project, scaleBar, spread } from './positions.ts';
import { SENSOR_NAMES, type Texts } from './texts.ts';
import { isAlarmed, SILENT_AFTER } from './tiles.ts';

const WIDTH = 360;
const HEIGHT = 250;
/** Between the outermost detectors and the edge. */
const ROOM = 56;
const MARKER = 13;
/** What a value beside a disc needs. */
const NUMBER_ROOM = 90;
const GRID = 50;

export interface MapOptions {
  readonly detectors: readonly Detector[] | undefined;
  readonly now: number;
  readonly selected: string | undefined;
  readonly texts: Texts;
  readonly formats: Formats;
  onSelect(groupid: string | undefined): void;
}

/** Where the detectors are, with no map below: a grid, a scale, and north. */
export function mapPanel({ detectors, now, selected, texts, formats, onSelect }: MapOptions): Node[] {
  if (detectors === undefined) return [el('div', { class: 'map placeholder' })];
  const all = detectors.map(({ groupid }) => groupid);
  const placed = detectors.flatMap((detector) => {
    const position = positionOf(detector.gps);
    return position === undefined ? [] : [{ detector, position }];
  });
  if (placed.length === 0) return [el('div', { class: 'map empty' }, el('p', {}, texts.noPlaces))];
  const projection = project(
    placed.map(({ position }) => position),
    WIDTH,
    HEIGHT,
    ROOM,
  );
  const spots = spread(
    placed.map(({ detector, position }) => ({ detector, ...projection.place(position) })),
    2 * MARKER + 4,
  );
  const markers = spots.map(({ detector, x, y }) => {
    const { groupid, sensors, date } = detector;
    const alarmed = isAlarmed(detector);
    const isSilent = now - date > SILENT_AFTER;
    const value = sensors.no2 === undefined ? texts.noValue : formats.value(sensors.no2.value);
    const states = [alarmed && texts.warning, isSilent && texts.silent].filter((state) => state !== false);
    const marker = svg(
      'g',
      {
        class: `marker${alarmed ? ' alarm' : ''}${isSilent ? ' silent' : ''}${selected === groupid ? ' selected' : ''}`,
        transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
        role: 'button',
        tabindex: 0,
        'aria-pressed': String(selected === groupid),
        'aria-label': [texts.detector(groupid), `${SENSOR_NAMES.no2} ${value}`, ...states].join(', '),
        'data-key': `marker-${groupid}`,
        'data-line': colorOf(groupid, all).slice(2),
      },
      svg('circle', { class: 'halo', r: MARKER + 5 }),
      svg('circle', { class: 'disc', r: MARKER }),
      svg('text', { class: 'name', dy: '0.35em' }, shortName(groupid)),
      // Beside the disc: discs are kept apart, and so are the numbers at their height.
      svg(
        'text',
        x > WIDTH - NUMBER_ROOM
          ? { class: 'number before', x: -(MARKER + 9), dy: '0.35em' }
          : { class: 'number', x: MARKER + 9, dy: '0.35em' },
        `${alarmed ? '▲ ' : ''}${value}`,
      ),
    );
    const select = () => onSelect(selected === groupid ? undefined : groupid);
    marker.addEventListener('click', select);
    marker.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      select();
    });
    return marker;
  });
  const names = all.filter((groupid) => !placed.some(({ detector }) => detector.groupid === groupid));
  const metres = scaleBar(projection.scale, WIDTH / 3);
  return [
    svg(
      'svg',
      { class: 'map', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'group', 'aria-labelledby': 'map-title' },
      grid(),
      bar(metres * projection.scale, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`),
      svg(
        'g',
        { class: 'north', transform: `translate(${WIDTH - 22} 26)`, 'aria-hidden': 'true' },
        svg('path', { d: 'M0 -14 L5 0 L0 -3 L-5 0 Z' }),
        svg('text', { y: 14 }, texts.north),
      ),
      ...markers,
    ),
    el('p', { class: 'fine' }, names.length === 0 ? '' : texts.withoutPlace(names.join(', '))),
  ];
}

function grid(): SVGElement {
  const lines = [];
  for (let x = GRID / 2; x < WIDTH; x += GRID) lines.push(`M${x} 0V${HEIGHT}`);
  for (let y = GRID / 2; y < HEIGHT; y += GRID) lines.push(`M0 ${y}H${WIDTH}`);
  return svg('path', { class: 'grid', d: lines.join(''), 'aria-hidden': 'true' });
}

function bar(length: number, label: string): SVGElement {
  const y = HEIGHT - 14;
  return svg(
    'g',
    { class: 'bar' },
    svg('path', { d: `M14 ${y - 5}v5h${length.toFixed(1)}v-5` }),
    svg('text', { x: 14 + length / 2, y: y - 8 }, label),
  );
}

function shortName(groupid: string): string {
  return groupid.length <= 3 ? groupid : `${groupid.slice(0, 2)}…`;
}
