/** How figures, periods and lists are written in a language. */
export interface Format {
  /** `2016-12` is `Dec 2016`, `2016-Q4` is `Q4 2016`; what isn't known stays as it is. */
  period: (period: string) => string;
  /** With separators and as many decimals as its size warrants. */
  figure: (value: number | null | undefined, decimals?: number) => string;
  /** A figure with its unit; ISO 4217 codes are written as currencies. */
  amount: (value: number | null | undefined, unit: string | null) => string;
  /** With its sign: +1,234, −5.6, ±0. */
  change: (value: number | null, decimals?: number) => string;
  /** A change in percent with its sign and one decimal. */
  percent: (share: number | null) => string;
  /** A share of 0 to 1 in percent, without a sign. */
  share: (share: number, decimals?: number) => string;
}

export interface FormatWords {
  locale: string;
  unknown: string;
  /** Between a figure and its percent sign, and between a figure and its unit. */
  percentGap: string;
  unitGap: string;
  quarter: (year: string, quarter: string) => string;
  week: (year: string, week: number) => string;
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

export function createFormat(words: FormatWords): Format {
  const { locale, unknown, percentGap, unitGap } = words;
  const dates = {
    month: new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', timeZone: 'UTC' }),
    day: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }),
  };
  const numbers = new Map<number, Intl.NumberFormat>();
  // Making a formatter costs far more than using it, and tables have thousands of figures.
  const writeNumber = (size: number, decimals: number, least = 0): string => {
    const key = decimals * 100 + least;
    const known =
      numbers.get(key) ??
      new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: decimals });
    numbers.set(key, known);
    return known.format(size);
  };
  const figure: Format['figure'] = (value, decimals) => {
    if (value === null || value === undefined || !Number.isFinite(value)) return unknown;
    const size = Math.abs(value);
    if (size !== 0 && (size >= 1e15 || size < 1e-8)) return value.toExponential(3).replace('-', '−');
    const digits = Math.min(decimals ?? decimalsFor(value), 20);
    return value < 0 && Number(size.toFixed(digits)) !== 0
      ? `−${writeNumber(size, digits)}`
      : writeNumber(size, digits);
  };
  return {
    period: (period) => {
      const quarter = /^(\d{4})-Q([1-4])$/.exec(period);
      if (quarter) return words.quarter(quarter[1]!, quarter[2]!);
      const week = /^(\d{4})-W(\d\d)$/.exec(period);
      if (week) return words.week(week[1]!, Number(week[2]));
      const date = /^(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?$/.exec(period);
      if (!date) return period;
      const at = new Date(`${date[1]}-${date[2]}-${date[3] ?? '01'}T00:00:00Z`);
      if (Number.isNaN(at.getTime())) return period;
      return (date[3] ? dates.day : dates.month).format(at);
    },
    figure,
    amount: (value, unit) => {
      if (unit === null) return figure(value);
      if (!currencies.has(unit) || value === null || value === undefined || !Number.isFinite(value))
        return `${figure(value)}${unitGap}${unit}`;
      const money = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency: unit,
        minimumFractionDigits: 0,
        maximumFractionDigits: Math.min(decimalsFor(value), 20),
        // A bare $ is the reader's own in one place and another's in the next.
        currencyDisplay: 'code',
      });
      return `${value < 0 ? '−' : ''}${money.format(Math.abs(value))}`;
    },
    change: (value, decimals) => {
      const text = figure(value, decimals);
      if (value === null) return text;
      if (text === '0') return '±0';
      return value > 0 ? `+${text}` : text;
    },
    percent: (share) => {
      if (share === null) return unknown;
      const text = writeNumber(Math.abs(share), 1, 1);
      return `${Number(Math.abs(share).toFixed(1)) === 0 ? '±' : share > 0 ? '+' : '−'}${text}${percentGap}%`;
    },
    share: (share, decimals = 0) => `${writeNumber(100 * share, decimals)}${percentGap}%`,
  };
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

/** How many decimals the ticks of a scale need to be told apart. */
export function decimalsOfScale(interval: number): number {
  return Math.max(0, Math.ceil(-Math.log10(interval) + (/25/.test(String(interval)) ? 1 : 0)));
}

/** The mean of figures, or null of none. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
