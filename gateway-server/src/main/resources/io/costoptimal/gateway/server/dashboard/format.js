// How figures and times are written. Times are UTC everywhere, as in the ledger.

const count = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', {notation: 'compact', maximumFractionDigits: 1});
const NANOS = 1e9;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Stands for what is not known. */
export const UNKNOWN = '–';

const known = value => value !== null && value !== undefined;

/** Whole numbers with separators. */
export const number = value => known(value) ? count.format(value) : UNKNOWN;

/** A number of things: `1 row`, `312 rows`. */
export const counted = (value, thing) => `${number(value)} ${thing}${value === 1 ? '' : 's'}`;

/** Numbers in a few characters, for axes. */
export const short = value => compact.format(value);

/** Dollars from nano-dollars, with as many digits as small amounts need to be seen. */
export function usd(nanos) {
  if (!known(nanos)) {
    return UNKNOWN;
  }
  const size = Math.abs(nanos) / NANOS;
  const digits = size === 0 || size >= 1 ? 2 : size >= 0.01 ? 4 : 6;
  return dollars(nanos, digits, digits);
}

/** Dollars from nano-dollars, to the last of them. */
export const exactUsd = nanos => known(nanos) ? dollars(nanos, 2, 9) : UNKNOWN;

/** Dollars for axes. */
export const shortUsd = nanos => {
  const size = Math.abs(nanos) / NANOS;
  return (nanos < 0 ? '−$' : '$') + (size >= 1000 ? compact.format(size) : String(Number(size.toPrecision(3))));
};

function dollars(nanos, least, most) {
  // Rounded while it is a whole number: half a unit is exactly that, and rounds up.
  const size = (Math.round(Math.abs(nanos) / 10 ** (9 - most)) / 10 ** most)
      .toLocaleString('en-US', {minimumFractionDigits: least, maximumFractionDigits: most});
  return (nanos < 0 ? '−$' : '$') + size;
}

/** A share of a whole in per cent. */
export const share = (part, whole) => whole ? (100 * part / whole).toFixed(part && part / whole < 0.1 ? 1 : 0) + ' %' : UNKNOWN;

/** Milliseconds in the unit that suits them. */
export function duration(millis) {
  if (!known(millis)) {
    return UNKNOWN;
  }
  if (millis < 1000) {
    return `${count.format(Math.round(millis))} ms`;
  }
  return millis < 60_000 ? `${(millis / 1000).toFixed(millis < 10_000 ? 2 : 1)} s` : `${(millis / 60_000).toFixed(1)} min`;
}

/** Bytes in the unit that suits them. */
export function bytes(value) {
  if (!known(value)) {
    return UNKNOWN;
  }
  return value < 1000 ? `${value} B` : value < 1e6 ? `${(value / 1e3).toFixed(1)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

const two = value => String(value).padStart(2, '0');

/** `27 Nov 2026 14:05:09`, for a time in milliseconds or RFC 3339. */
export function time(when) {
  const date = new Date(when);
  return `${day(date)} ${date.getUTCFullYear()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

const day = date => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;

/** A step of a chart, named: `27 Nov 14:00`, `27 Nov`, `Nov 2026`. */
export function step(seconds, unit) {
  const date = new Date(seconds * 1000);
  switch (unit) {
    case 'hour':
      return `${day(date)} ${two(date.getUTCHours())}:00`;
    case 'day':
      return day(date);
    default:
      return `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  }
}

/** A step of a chart in the few characters of an axis; midnight is named by its day. */
export function shortStep(seconds, unit) {
  const date = new Date(seconds * 1000);
  switch (unit) {
    case 'hour':
      return date.getUTCHours() === 0 ? day(date) : `${two(date.getUTCHours())}:00`;
    case 'day':
      return day(date);
    default:
      return MONTHS[date.getUTCMonth()];
  }
}
