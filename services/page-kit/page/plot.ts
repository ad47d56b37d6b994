import uPlot from 'uplot';
import { cssColor } from './dom.ts';

const FONT = '12px system-ui, sans-serif';
/** A selection that is narrower was a click, in px. */
const LEAST_ZOOM = 8;

/** What one plot has of its own. */
export interface Drawing {
  readonly series: readonly uPlot.Series[];
  readonly bands?: readonly uPlot.Band[];
  readonly cursor: uPlot.Cursor;
  /** The least distance of the marks of time, in px. */
  readonly timeSpace: number;
  readonly yRange: uPlot.Scale.Range;
  readonly yAxis: uPlot.Axis;
  readonly hooks?: uPlot.Hooks.Arrays;
}

export interface TimePlotOptions {
  /** Is filled in its width. */
  readonly element: HTMLElement;
  /** In px. */
  readonly height: number;
  /** What the axis of time shows, in ms. */
  range(): [from: number, to: number];
  ticks(times: readonly number[], apart: number): string[];
  /** Asked each time the plot is made anew. */
  drawing(): Drawing;
  onCursor(): void;
  onZoom(from: number, to: number): void;
}

/** Values over time, drawn by uPlot; a stretch of time can be chosen in it. */
export class TimePlot {
  readonly #options: TimePlotOptions;
  #plot: uPlot | undefined;
  #madeFor = '';
  #data: uPlot.AlignedData | undefined;
  #wanted = '';

  constructor(options: TimePlotOptions) {
    this.#options = options;
    new ResizeObserver(() => this.#resize()).observe(options.element);
  }

  /** Which column of the data is under the cursor. */
  get cursorAt(): number | null | undefined {
    return this.#plot?.cursor.idx;
  }

  /** A plot is made anew when what it is made for changes, and else gets other data. */
  draw(madeFor: unknown, data: readonly (readonly (number | null | undefined)[])[]): void {
    this.#wanted = JSON.stringify(madeFor);
    this.#data = data as unknown as uPlot.AlignedData;
    if (this.#plot !== undefined && this.#wanted === this.#madeFor) this.#plot.setData(this.#data);
    else this.#make(this.#data);
  }

  #make(data: uPlot.AlignedData): void {
    const { element } = this.#options;
    const width = element.clientWidth;
    if (width === 0) return;
    this.#plot?.destroy();
    this.#madeFor = this.#wanted;
    this.#plot = new uPlot(this.#plotOptions(width), data, element);
  }

  #resize(): void {
    const { element, height } = this.#options;
    const width = element.clientWidth;
    if (this.#plot === undefined) {
      if (this.#data !== undefined) this.#make(this.#data);
    } else if (width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height });
    }
  }

  #plotOptions(width: number): uPlot.Options {
    const { height, range, ticks, drawing, onCursor } = this.#options;
    const { series, bands = [], cursor, timeSpace, yRange, yAxis, hooks } = drawing();
    const axis = { stroke: cssColor('--muted'), font: FONT, ticks: { show: false }, gap: 8 };
    return {
      width,
      height,
      ms: 1,
      padding: [10, 14, 0, 0],
      legend: { show: false },
      cursor: { ...cursor, drag: { x: true, y: false, setScale: false }, y: false },
      select: { show: true, left: 0, top: 0, width: 0, height: 0 },
      scales: { x: { time: true, range: () => range() }, y: { range: yRange } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: timeSpace,
          size: 30,
          values: (_plot, splits, _axis, _space, apart) => ticks(splits, apart),
        },
        { ...axis, grid: { stroke: cssColor('--grid'), width: 1 }, space: 36, ...yAxis },
      ],
      series: [{}, ...series],
      bands: [...bands],
      hooks: { ...hooks, setCursor: [() => onCursor()], setSelect: [(plot) => this.#zoom(plot)] },
    };
  }

  #zoom(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < LEAST_ZOOM) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#options.onZoom(Math.floor(from), Math.ceil(to));
  }
}
