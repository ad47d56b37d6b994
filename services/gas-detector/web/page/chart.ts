import uPlot from 'uplot';
import type { SeriesAnswer } from '../shared/api.ts';
import { NO2_WARNING, type Sensor } from '../shared/sensors.ts';
import { el, replace } from './dom.ts';
import type { Formats } from './format.ts';
import { type Lines, linesOf, lonelyPlaces } from './lines.ts';
import { colorOf, cssColor } from './palette.ts';
import { SENSOR_NAMES, type Texts } from './texts.ts';
import { drawThreshold, drawWarnings } from './warning-marks.ts';

const HEIGHT = 210;
/** What the axis of values shows at least, in a sensor's unit. */
const LEAST_SPAN = 4;
/** The cursors of all charts move together. */
const SYNC = 'gas-detector';
const FONT = '12px system-ui, sans-serif';

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
  readonly #onZoom: (from: number, to: number) => void;
  #plot: uPlot | undefined;
  #madeFor = '';
  #lines: Lines = { times: [], columns: [], detectors: [], isBand: false };
  #answer: SeriesAnswer | undefined;
  #context: ChartContext | undefined;

  constructor(sensor: Sensor, onZoom: (from: number, to: number) => void) {
    this.#sensor = sensor;
    this.#onZoom = onZoom;
    const head = el('div', { class: 'chart-head' }, el('h3', {}, SENSOR_NAMES[sensor]), this.#readout);
    this.element = el('figure', { class: 'card chart' }, head, this.#plotted, this.#notice);
    new ResizeObserver(() => this.#resize()).observe(this.#plotted);
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

  /** A plot is made anew when its lines or their looks change, and else gets other data. */
  #draw(): void {
    const { texts, theme, detectors } = this.#context ?? {};
    const { detectors: shown, isBand, times, columns } = this.#lines;
    const madeFor = JSON.stringify([shown, isBand, detectors, theme, texts?.title]);
    const data = [times, ...columns] as unknown as uPlot.AlignedData;
    if (this.#plot !== undefined && madeFor === this.#madeFor) {
      this.#plot.setData(data);
      return;
    }
    const width = this.#plotted.clientWidth;
    if (width === 0) return;
    this.#plot?.destroy();
    this.#madeFor = madeFor;
    this.#plot = new uPlot(this.#options(width), data, this.#plotted);
  }

  #resize(): void {
    const width = this.#plotted.clientWidth;
    if (this.#plot === undefined) {
      if (this.#context !== undefined) this.#draw();
    } else if (width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: HEIGHT });
    }
  }

  #options(width: number): uPlot.Options {
    const axis = { stroke: cssColor('--muted'), font: FONT, ticks: { show: false } };
    const grid = { stroke: cssColor('--grid'), width: 1 };
    return {
      width,
      height: HEIGHT,
      ms: 1,
      padding: [10, 14, 0, 0],
      legend: { show: false },
      cursor: {
        sync: { key: SYNC, scales: ['x', null] },
        drag: { x: true, y: false, setScale: false },
        y: false,
        points: { size: 7 },
      },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: true, range: () => this.#xRange() },
        y: { range: (_plot, min, max) => this.#yRange(min, max) },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 70,
          size: 30,
          gap: 8,
          values: (_plot, splits, _axis, _space, apart) => this.#context?.formats.ticks(splits, apart) ?? [],
        },
        {
          ...axis,
          grid,
          space: 36,
          size: 52,
          gap: 8,
          values: (_plot, splits) => splits.map((value) => value.toLocaleString('en', { maximumFractionDigits: 2 })),
        },
      ],
      series: [{}, ...this.#series()],
      bands: this.#lines.isBand ? [{ series: [3, 2], fill: cssColor('--band') }] : [],
      hooks: {
        drawClear: [(plot) => this.#isNo2 && drawThreshold(plot, this.#context?.texts.threshold(NO2_WARNING) ?? '')],
        draw: [(plot) => this.#isNo2 && drawWarnings(plot, this.#answer?.detectors ?? [])],
        setCursor: [() => this.#read()],
        setSelect: [(plot) => this.#zoom(plot)],
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

  #xRange(): [number, number] {
    return [this.#answer?.from ?? 0, this.#answer?.to ?? 1];
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

  #zoom(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#onZoom(Math.floor(from), Math.ceil(to));
  }

  /** What is under the cursor; without one, what there was in the whole range. */
  #read(): void {
    const { texts, formats, detectors: all } = this.#context ?? {};
    if (texts === undefined || formats === undefined || all === undefined) return;
    const at = this.#plot?.cursor.idx;
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
