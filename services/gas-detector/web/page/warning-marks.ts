import type uPlot from 'uplot';
import { cssColor } from '../../../page-kit/page/dom.ts';
import type { DetectorSeries } from '../shared/api.ts';
import { NO2_WARNING } from '../shared/sensors.ts';

/** Pixels of CSS from the middle of a mark to its corners. */
const MARK = 5;

/** The line from which on there are warnings, and all that is above it, below the readings. */
export function drawThreshold(plot: uPlot, label: string): void {
  const { ctx } = plot;
  const { left, top, width } = plot.bbox;
  const y = plot.valToPos(NO2_WARNING, 'y', true);
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = cssColor('--bad-zone');
  ctx.fillRect(left, top, width, Math.max(y - top, 0));
  ctx.strokeStyle = cssColor('--bad');
  ctx.lineWidth = 1.25 * ratio;
  ctx.setLineDash([6 * ratio, 4 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + width, y);
  ctx.stroke();
  ctx.fillStyle = cssColor('--bad');
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  ctx.fillText(label, left + 6 * ratio, y + 4 * ratio);
  ctx.restore();
}

/** A triangle for each interval in which a detector reached the threshold, at the highest value, which no average hides. */
export function drawWarnings(plot: uPlot, detectors: readonly DetectorSeries[]): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const size = MARK * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left - size, top - size, width + 2 * size, height + size);
  ctx.clip();
  ctx.fillStyle = cssColor('--bad');
  ctx.strokeStyle = cssColor('--surface');
  ctx.lineWidth = devicePixelRatio;
  for (const { sensors } of detectors) {
    sensors.no2.time.forEach((time, index) => {
      const value = sensors.no2.max[index];
      if (value === undefined || value < NO2_WARNING) return;
      const x = plot.valToPos(time, 'x', true);
      const y = plot.valToPos(value, 'y', true);
      ctx.beginPath();
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y + size * 0.8);
      ctx.lineTo(x - size, y + size * 0.8);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    });
  }
  ctx.restore();
}
