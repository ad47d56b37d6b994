import uPlot from 'uplot';
import type { Counts } from '../shared/api.ts';
import { byId, el, replace } from './dom.ts';
import type { Formats } from './format.ts';
import { cssColor } from './palette.ts';
import { type Layer, layersOf } from './stack.ts';
import type { Texts } from './texts.ts';

const HEIGHT = 240;
const FONT = '12px system-ui, sans-serif';
/** A selection that is narrower was a click, in px. */
const LEAST_ZOOM = 8;

export interface ChartContext {
  readonly texts: Texts;
  readonly formats: Formats;
  /** Changes when the colours do. */
  readonly theme: string;
  /** The CSS variable of a type's colour. */
  colorOf(type: string | undefined): string;
}

/** How many events of each type arrived, as bars upon each other. */
export class Chart {
  readonly #plotted = byId('plot');
  readonly #readout = byId('readout');
  readonly #notice = byId('notice');
  readonly #onZoom: (from: number, to: number) => void;
  #plot: uPlot | undefined;
  #madeFor = '';
  #layers: readonly Layer[] = [];
  #counts: Counts | undefined;
  #context: ChartContext | undefined;

  constructor(onZoom: (from: number, to: number) => void) {
    this.#onZoom = onZoom;
    new ResizeObserver(() => this.#resize()).observe(this.#plotted);
  }

  update(counts: Counts | undefined, context: ChartContext): void {
    this.#counts = counts;
    this.#context = context;
    this.#layers = counts === undefined ? [] : layersOf(counts);
    this.#plotted.setAttribute('aria-label', context.texts.chart);
    this.#notice.hidden = counts === undefined || counts.total > 0;
    this.#notice.textContent = context.texts.noneInRange;
    this.#draw();
    this.#read();
  }

  /** A plot is made anew when its layers or their looks change, and else gets other data. */
  #draw(): void {
    const { times = [] } = this.#counts ?? {};
    const { texts, theme } = this.#context ?? {};
    const madeFor = JSON.stringify([
      this.#layers.map(({ type }) => [type, this.#context?.colorOf(type)]),
      theme,
      texts?.title,
    ]);
    // The highest comes first, so that the lower ones are drawn over it. A bar stands over the middle of its interval.
    const middle = (this.#counts?.interval ?? 0) / 2;
    const columns = this.#layers.map(({ tops }) => [...tops]).reverse();
    const data = [times.map((time) => time + middle), ...columns] as unknown as uPlot.AlignedData;
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
    const bars = uPlot.paths.bars?.({ size: [0.86, 40], radius: 0 });
    const color = (layer: Layer) => cssColor(this.#context?.colorOf(layer.type) ?? '--muted');
    const series = [...this.#layers].reverse().map((layer) => ({
      fill: color(layer),
      stroke: 'transparent',
      width: 0,
      points: { show: false },
      ...(bars && { paths: bars }),
    }));
    return {
      width,
      height: HEIGHT,
      ms: 1,
      padding: [10, 14, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: true, y: false, setScale: false }, y: false, points: { show: false } },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: {
        x: { time: true, range: () => [this.#counts?.from ?? 0, this.#counts?.to ?? 1] },
        y: { range: () => [0, this.#highest()] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 76,
          size: 30,
          gap: 8,
          values: (_plot, splits, _axis, _space, apart) => this.#context?.formats.ticks(splits, apart) ?? [],
        },
        {
          ...axis,
          grid: { stroke: cssColor('--grid'), width: 1 },
          space: 36,
          size: 56,
          gap: 8,
          // Nobody sends half an event.
          incrs: [1, 2, 5, 10, 20, 50, 1e2, 2e2, 5e2, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6],
          values: (_plot, splits) => splits.map((count) => this.#context?.formats.count(count) ?? ''),
        },
      ],
      series: [{}, ...series],
      hooks: {
        setCursor: [() => this.#read()],
        setSelect: [(plot) => this.#zoom(plot)],
      },
    };
  }

  #highest(): number {
    const tops = this.#layers.at(-1)?.tops ?? [];
    return Math.max(4, Math.ceil(tops.reduce((a, b) => Math.max(a, b), 0) * 1.08));
  }

  #zoom(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < LEAST_ZOOM) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#onZoom(Math.floor(from), Math.ceil(to));
  }

  /** What is under the cursor; without one, how long an interval is. */
  #read(): void {
    const { texts, formats, colorOf } = this.#context ?? {};
    const counts = this.#counts;
    if (texts === undefined || formats === undefined || colorOf === undefined) return;
    const at = this.#plot?.cursor.idx;
    const time = at == null ? undefined : counts?.times[at];
    if (at == null || time === undefined || counts === undefined) {
      replace(this.#readout, counts && counts.total > 0 ? texts.perInterval(formats.duration(counts.interval)) : '');
      return;
    }
    const parts = this.#layers.flatMap((layer) => {
      const count = layer.counts[at] ?? 0;
      if (count === 0) return [];
      const dot = el('span', { class: 'dot', 'data-line': colorOf(layer.type).slice(2) });
      const name = layer.type ?? texts.others;
      return [el('span', { class: 'read', title: name }, dot, `${formats.count(count)}`)];
    });
    replace(this.#readout, el('time', {}, formats.near(time, counts.now)), ...parts);
  }
}
