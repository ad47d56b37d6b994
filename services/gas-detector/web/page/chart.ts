import uPlot from 'uplot';
import { cssColor, el, replace } from '../../../page-kit/page/dom.ts';
import { type Drawing, TimePlot } from '../../../page-kit/page/plot.ts';
import type { SeriesAnswer } from '../shared/api.ts';
import { NO2_WARNING, type Sensor } from '../shared/sensors.ts';
import type { Formats } from './format.ts';
import { type Lines, linesOf, lonelyPlaces } from './lines.ts';
import { colorOf } from './palette.ts';
import { SENSOR_NAMES, type Texts } from './texts.ts';
import { drawThreshold, drawWarnings } from './warning-marks.ts';

const HEIGHT = 210;
/** What the axis of values shows at least, in a sensor's unit. */
const LEAST_SPAN = 4;
/** The cursors of all charts move together. */
const SYNC = 'gas-detector';

export interface ChartContext {
  readonly texts: Texts;
  readonly formats: Formats;
  /** Changes when the colours do. */
  readonly theme: string;
  /** All detectors there are, for their colours. */
  readonly detectors: readonly string[];
}

/** One sensor over time. */
export class Chart {
  readonly element: HTMLElement;
  readonly #sensor: Sensor;
  readonly #plotted = el('div', { class: 'plot' });
  readonly #readout = el('p', { class: 'readout' });
  readonly #notice = el('p', { class: 'notice' });
  readonly #plot: TimePlot;
  #lines: Lines = { times: [], columns: [], detectors: [], isBand: false };
  #answer: SeriesAnswer | undefined;
  #context: ChartContext | undefined;

  constructor(sensor: Sensor, onZoom: (from: number, to: number) => void) {
    this.#sensor = sensor;
    const head = el('div', { class: 'chart-head' }, el('h3', {}, SENSOR_NAMES[sensor]), this.#readout);
    this.element = el('figure', { class: 'card chart' }, head, this.#plotted, this.#notice);
    this.#plot = new TimePlot({
      element: this.#plotted,
      height: HEIGHT,
      range: () => [this.#answer?.from ?? 0, this.#answer?.to ?? 1],
      ticks: (times, apart) => this.#context?.formats.ticks(times, apart) ?? [],
      drawing: () => this.#drawing(),
      onCursor: () => this.#read(),
      onZoom,
    });
  }

  update(answer: SeriesAnswer | undefined, context: ChartContext): void {
    this.#answer = answer;
    this.#context = context;
    this.#plotted.setAttribute('role', 'img');
    this.#plotted.setAttribute('aria-label', context.texts.chart(SENSOR_NAMES[this.#sensor]));
    this.#lines = linesOf(answer?.detectors ?? [], this.#sensor, answer?.interval ?? 1);
    const isEmpty = this.#lines.times.length === 0;
    this.#notice.hidden = answer === undefined || !isEmpty;
    this.#notice.textContent = answer?.detectors.length ? context.texts.noneOfSensor : context.texts.noneInRange;
    this.#draw();
    this.#read();
  }

  #draw(): void {
    const { texts, theme, detectors } = this.#context ?? {};
    const { detectors: shown, isBand, times, columns } = this.#lines;
    this.#plot.draw([shown, isBand, detectors, theme, texts?.title], [times, ...columns]);
  }

  #drawing(): Drawing {
    return {
      series: this.#series(),
      bands: this.#lines.isBand ? [{ series: [3, 2], fill: cssColor('--band') }] : [],
      cursor: { sync: { key: SYNC, scales: ['x', null] }, points: { size: 7 } },
      timeSpace: 70,
      yRange: (_plot, min, max) => this.#yRange(min, max),
      yAxis: {
        size: 52,
        values: (_plot, splits) => splits.map((value) => value.toLocaleString('en', { maximumFractionDigits: 2 })),
      },
      hooks: {
        drawClear: [(plot) => this.#isNo2 && drawThreshold(plot, this.#context?.texts.threshold(NO2_WARNING) ?? '')],
        draw: [(plot) => this.#isNo2 && drawWarnings(plot, this.#answer?.detectors ?? [])],
      },
    };
  }

  #series(): uPlot.Series[] {
    const { detectors, isBand } = this.#lines;
    const all = this.#context?.detectors ?? [];
    const lines = detectors.map((groupid) => ({
      stroke: cssColor(colorOf(groupid, all)),
      width: 1.75,
      points: { show: true, size: 5, filter: this.#dots },
    }));
    // The edges of the band have no line and no dots of their own.
    const edge = { stroke: 'transparent', width: 0, points: { show: false } };
    return isBand ? [...lines, edge, edge] : lines;
  }

  /** Every value has a dot where there are few, and those that no line leads to always have. */
  readonly #dots: uPlot.Series.Points.Filter = (plot, series, areFew) => {
    const column = this.#lines.columns[series - 1] ?? [];
    const width = plot.bbox.width / devicePixelRatio;
    if (areFew && column.length * 12 < width) return null;
    return lonelyPlaces(column);
  };

  get #isNo2(): boolean {
    return this.#sensor === 'no2';
  }

  /** Round, with air; NO₂'s threshold is always seen, and so are the peaks that averages hide. */
  #yRange(min: number | null, max: number | null): [number, number] {
    const peaks = this.#isNo2
      ? [NO2_WARNING, ...(this.#answer?.detectors ?? []).flatMap((d) => d.sensors.no2.max)]
      : [];
    const least = Math.min(min ?? 0, ...(this.#isNo2 ? [NO2_WARNING] : []));
    const greatest = peaks.reduce((a, b) => Math.max(a, b), max ?? 100);
    // So little apart that the axis would repeat itself: as if there were a bit more.
    const air = Math.max(0, LEAST_SPAN - (greatest - least)) / 2;
    const [low, high] = uPlot.rangeNum(least - air, greatest + air, 0.1, true);
    return [low ?? least, high ?? greatest];
  }

  /** What is under the cursor; without one, what there was in the whole range. */
  #read(): void {
    const { texts, formats, detectors: all } = this.#context ?? {};
    if (texts === undefined || formats === undefined || all === undefined) return;
    const at = this.#plot.cursorAt;
    const time = at == null ? undefined : this.#lines.times[at];
    if (time === undefined || at == null) {
      replace(this.#readout, ...this.#whole(texts, formats));
      return;
    }
    const step = this.#lines.isBand ? 3 : 1;
    const parts = this.#lines.detectors.flatMap((groupid, index) => {
      const value = this.#lines.columns[index * step]?.[at];
      if (value == null) return [];
      const [least, greatest] = [1, 2].map((offset) => this.#lines.columns[index * step + offset]?.[at]);
      const spread =
        step === 3 && least != null && greatest != null && least !== greatest
          ? ` (${formats.value(least)} – ${formats.value(greatest)})`
          : '';
      const dot = el('span', { class: 'dot', 'data-line': colorOf(groupid, all).slice(2) });
      return [el('span', { class: 'read' }, dot, `${formats.value(value)}${spread}`)];
    });
    replace(this.#readout, el('time', {}, formats.time(time)), ...parts);
  }

  #whole(texts: Texts, formats: Formats): (Node | string)[] {
    const wholes = (this.#answer?.detectors ?? []).flatMap(({ sensors }) => sensors[this.#sensor].whole ?? []);
    if (wholes.length === 0) return [];
    const count = wholes.reduce((sum, whole) => sum + whole.count, 0);
    const average = wholes.reduce((sum, whole) => sum + whole.avg * whole.count, 0) / count;
    const least = Math.min(...wholes.map(({ min }) => min));
    const greatest = Math.max(...wholes.map(({ max }) => max));
    return [
      el('span', {}, `${texts.average} ${formats.value(average)}`),
      el('span', {}, `${texts.least} ${formats.value(least)}`),
      el('span', {}, `${texts.greatest} ${formats.value(greatest)}`),
    ];
  }
}
