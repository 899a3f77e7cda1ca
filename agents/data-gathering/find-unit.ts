const UNITS =
  /%|\b(?:percent|pct|usd|eur|gbp|cny|rmb|jpy|chf|thousands?|millions?|billions?|persons?|people|jobs|hours?|kg|tonnes?|tons?|km|kwh|mwh|gwh|twh|mm|barrels?|litres?|liters?|index|ppm)\b|[$€£¥元人吨]|°[CF]|=\s?100\b/i;
const TRAILING =
  /[_ ](pct|percent|usd|eur|gbp|cny|rmb|jpy|chf|kg|tonnes|kwh|mwh|gwh|twh|ppm|thousands|millions|billions)$/i;

/** The unit that a column's header states, in brackets or as its last word; numbers alone never tell one. */
export function findUnit(header: string): string | null {
  const bracketed = /[([（]([^)\]）]{1,30})[)\]）]\s*$/.exec(header)?.[1]?.trim();
  if (bracketed && UNITS.test(bracketed)) return bracketed;
  return TRAILING.exec(header)?.[1] ?? (header.trim().endsWith('%') ? '%' : null);
}
