const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A period as people read it: `2016-12` is `Dec 2016`, `2016-Q4` is `Q4 2016`; what isn't known stays as it is. */
export function formatPeriod(period: string): string {
  const quarter = /^(\d{4})-(Q[1-4])$/.exec(period);
  if (quarter) return `${quarter[2]} ${quarter[1]}`;
  const date = /^(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?$/.exec(period);
  if (!date) return period;
  return `${date[3] ? `${Number(date[3])} ` : ''}${monthNames[Number(date[2]) - 1]} ${date[1]}`;
}

/** How many decimals tell figures of this size apart: 143,146 but 549.8 and 0.0123. */
export function decimalsFor(magnitude: number): number {
  if (!Number.isFinite(magnitude) || magnitude === 0) return 0;
  const size = Math.abs(magnitude);
  if (size >= 1000) return 0;
  if (size >= 100) return 1;
  if (size >= 10) return 2;
  return Math.min(8, 2 - Math.floor(Math.log10(size)));
}

/** A figure with thousands separators and as many decimals as its size warrants; `not known` if it is none. */
export function formatFigure(value: number | null | undefined, decimals?: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return 'not known';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e15 || size < 1e-8)) return value.toExponential(3);
  const digits = Math.min(decimals ?? decimalsFor(value), 20);
  const text = size.toLocaleString('en-GB', { minimumFractionDigits: 0, maximumFractionDigits: digits });
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `−${text}` : text;
}

/** A change with its sign: +1,234, −5.6, ±0. */
export function formatChange(value: number | null, decimals?: number): string {
  if (value === null) return 'not known';
  const text = formatFigure(value, decimals);
  if (text === '0') return '±0';
  return value > 0 ? `+${text}` : text;
}

/** A change in percent with its sign and one decimal: +1.2 %. */
export function formatPercent(share: number | null): string {
  if (share === null) return 'not known';
  const text = Math.abs(share).toLocaleString('en-GB', {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return `${text === '0.0' ? '±' : share > 0 ? '+' : '−'}${text} %`;
}

/** Ticks at 1, 2, 2.5 or 5 times a power of ten that cover all values; a flat series gets room above and below. */
export function niceScale(
  values: readonly number[],
  ticks: number,
): { min: number; max: number; interval: number } {
  const finite = values.filter((value) => Number.isFinite(value));
  let low = Math.min(...finite);
  let high = Math.max(...finite);
  if (finite.length === 0) [low, high] = [0, 1];
  // Below 1e-300 figures lose their digits, and steps between them would not be numbers.
  if (high - low <= Math.max(Math.abs(high) * 1e-9, 1e-300)) {
    const room = Math.abs(high) > 1e-290 ? Math.abs(high) * 0.05 : 1;
    [low, high] = [low - room, high + room];
  }
  const rough = (high - low) / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999)!;
  return {
    min: roundTo(Math.floor(low / interval + 1e-9) * interval, interval),
    max: roundTo(Math.ceil(high / interval - 1e-9) * interval, interval),
    interval,
  };
}

function roundTo(value: number, interval: number): number {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(interval)));
  return decimals > 20 ? value : Number(value.toFixed(decimals));
}

/** The mean of figures, or null of none. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
