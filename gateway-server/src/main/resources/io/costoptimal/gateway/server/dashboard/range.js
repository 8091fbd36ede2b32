// Which time the page shows, cut into the steps of its charts. All of it UTC.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Steps are hours up to this length, then days up to the other. */
const HOURS_UP_TO = 7 * DAY;
const DAYS_UP_TO = 92 * DAY;

/** What may be chosen, by the word in the page's address. */
export const RANGES = [['24h', '24 hours'], ['7d', '7 days'], ['30d', '30 days'], ['12mo', '12 months'], ['custom', 'Custom']];

/**
 * Returns `{from, to, unit}`: milliseconds, `to` excluded, both at the edge of a step. A custom range that holds no day is null.
 *
 * @param word of RANGES
 * @param first the first day of a custom range, `2026-11-01`
 * @param last its last day, which is in it
 */
export function range(word, first, last, now = Date.now()) {
  const hour = Math.floor(now / HOUR) * HOUR + HOUR;
  const midnight = Math.floor(now / DAY) * DAY + DAY;
  const date = new Date(now);
  switch (word) {
    case '7d':
      return {from: hour - 7 * DAY, to: hour, unit: 'hour'};
    case '30d':
      return {from: midnight - 30 * DAY, to: midnight, unit: 'day'};
    case '12mo':
      return {
        from: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 11),
        to: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1),
        unit: 'month',
      };
    case 'custom':
      return custom(Date.parse(first), Date.parse(last) + DAY);
    default:
      return {from: hour - DAY, to: hour, unit: 'hour'};
  }
}

function custom(from, to) {
  if (!(from < to)) {
    return null;
  }
  return {from, to, unit: to - from <= HOURS_UP_TO ? 'hour' : to - from <= DAYS_UP_TO ? 'day' : 'month'};
}

/** The beginning of each step, in seconds since 1970. */
export function steps({from, to, unit}) {
  const times = [];
  for (let at = floor(from, unit); at < to; at = next(at, unit)) {
    times.push(at / 1000);
  }
  return times;
}

function floor(at, unit) {
  const date = new Date(at);
  return unit === 'month' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) : at - at % (unit === 'day' ? DAY : HOUR);
}

function next(at, unit) {
  const date = new Date(at);
  return unit === 'month' ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) : at + (unit === 'day' ? DAY : HOUR);
}

/** The beginning of the step that a row of a summary tells of, in seconds since 1970. */
export const stepOf = (row, unit) => Date.parse(row[unit]) / 1000;
