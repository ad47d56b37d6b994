import uPlot from 'uplot';
import { byId, cssColor, el, replace } from '../../../page-kit/page/dom.ts';
import { type Drawing, TimePlot } from '../../../page-kit/page/plot.ts';
import type { Counts } from '../shared/api.ts';
import type { Formats } from './format.ts';
import { type Layer, layersOf } from './stack.ts';
import type { Texts } from './texts.ts';

const HEIGHT = 240;

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
  readonly #plot: TimePlot;
  #layers: readonly Layer[] = [];
  #counts: Counts | undefined;
  #context: ChartContext | undefined;

  constructor(onZoom: (from: number, to: number) => void) {
    this.#plot = new TimePlot({
      element: this.#plotted,
      height: HEIGHT,
      range: () => [this.#counts?.from ?? 0, this.#counts?.to ?? 1],
      ticks: (times, apart) => this.#context?.formats.ticks(times, apart) ?? [],
      drawing: () => this.#drawing(),
      onCursor: () => this.#read(),
      onZoom,
    });
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

  #draw(): void {
    const { times = [], interval = 0 } = this.#counts ?? {};
    const { texts, theme } = this.#context ?? {};
    const colors = this.#layers.map(({ type }) => [type, this.#context?.colorOf(type)]);
    // The highest comes first, so that the lower ones are drawn over it. A bar stands over the middle of its interval.
    const columns = this.#layers.map(({ tops }) => tops).reverse();
    this.#plot.draw([colors, theme, texts?.title], [times.map((time) => time + interval / 2), ...columns]);
  }

  #drawing(): Drawing {
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
      series,
      cursor: { points: { show: false } },
      timeSpace: 76,
      yRange: () => [0, this.#highest()],
      yAxis: {
        size: 56,
        // Nobody sends half an event.
        incrs: [1, 2, 5, 10, 20, 50, 1e2, 2e2, 5e2, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6],
        values: (_plot, splits) => splits.map((count) => this.#context?.formats.count(count) ?? ''),
      },
    };
  }

  #highest(): number {
    const tops = this.#layers.at(-1)?.tops ?? [];
    return Math.max(4, Math.ceil(tops.reduce((a, b) => Math.max(a, b), 0) * 1.08));
  }

  /** What is under the cursor; without one, how long an interval is. */
  #read(): void {
    const { texts, formats, colorOf } = this.#context ?? {};
    const counts = this.#counts;
    if (texts === undefined || formats === undefined || colorOf === undefined) return;
    const at = this.#plot.cursorAt;
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
