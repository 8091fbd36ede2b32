// What the page's charts have in common: uPlot draws them, a legend names their values, and a table says the same in words.

import {el, table} from './dom.js';
import {step, shortStep} from './format.js';

const HEIGHT = 200;
const LABEL_WIDTH = 62;
const EVEN_HOURS = [1, 2, 3, 4, 6, 8, 12, 24];
const open = new Set();
const drawn = new Set();

/**
 * Makes a figure of series over time. It is drawn once it stands in the page.
 *
 * @param title of the figure
 * @param axis `{times: seconds since 1970 of each step, unit: 'hour' | 'day' | 'month', gaps: [{from, to}] in seconds}`
 * @param series at most eight of `{label, values: one for each step, total: what the legend says of all of them, colour: 1 to 8, by its
 *     place if missing}`
 * @param how `{stacked, format: writes a value, short: writes one on the axis}`
 */
export function chart(title, axis, lines, how) {
  const series = lines.map((one, i) => ({colour: i + 1, ...one}));
  const plot = el('div', {class: 'plot', role: 'img', 'aria-label': description(title, series, how)});
  const values = series.map(() => el('span', {class: 'value'}));
  const at = el('p', {class: 'at', 'aria-hidden': 'true'}, ' ');
  const legend = el('ul', {class: 'legend'}, series.map((one, i) =>
      el('li', {}, el('span', {class: `key k${one.colour}`}), el('span', {class: 'label', title: one.label}, one.label), values[i])));
  const figure = el('figure', {class: 'panel chart'}, el('figcaption', {}, el('h2', {}, title), at), plot, legend,
      asTable(title, axis, series, how));
  const point = index => {
    at.textContent = index === null ? ' ' : step(axis.times[index], axis.unit);
    series.forEach((one, i) => values[i].textContent = index === null ? one.total : how.format(one.values[index]));
  };
  point(null);
  drawn.add({plot, axis, series, how, point, uplot: null});
  return figure;
}

function description(title, series, how) {
  const said = series.map(one => `${one.label} ${one.total}`).join(', ');
  return `${how.stacked ? 'Bar' : 'Line'} chart. ${title}: ${said}. The same figures are in the table below.`;
}

/** The rows are made when the table is opened; charts of many steps would otherwise be slow to come. */
function asTable(title, axis, series, how) {
  const details = el('details', {}, el('summary', {}, 'Show as a table'));
  const fill = () => {
    const columns = [
      {title: 'Time (UTC)', rowHead: true, cell: i => step(axis.times[i], axis.unit)},
      ...series.map(one => ({title: one.label, number: true, cell: i => how.format(one.values[i])})),
    ];
    details.append(table(title, columns, [...axis.times.keys()].reverse()));
  };
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      fill();
    }
    open[details.open ? 'add' : 'delete'](title);
  });
  details.open = open.has(title);
  return details;
}

/** Draws what stands in the page and has not been drawn, and forgets what stands there no more. */
export function draw() {
  for (const one of drawn) {
    if (!one.plot.isConnected) {
      one.uplot?.destroy();
      drawn.delete(one);
    } else if (!one.uplot) {
      one.uplot = new uPlot(options(one), data(one), one.plot);
    }
  }
}

/** Draws everything anew, in other colours perhaps. */
export function redraw() {
  for (const one of drawn) {
    one.uplot?.destroy();
    one.uplot = null;
  }
  draw();
}

new ResizeObserver(() => {
  for (const one of drawn) {
    const width = one.plot.clientWidth;
    if (one.uplot && width > 0 && width !== one.uplot.width) {
      one.uplot.setSize({width, height: HEIGHT});
    }
  }
}).observe(document.documentElement);

/** Stacked series are sums of themselves and all below, the highest first, so that each lower one is drawn over it. */
function data({axis, series, how}) {
  if (!how.stacked) {
    return [axis.times, ...series.map(one => one.values)];
  }
  const below = new Array(axis.times.length).fill(0);
  const sums = series.map(one => one.values.map((value, i) => below[i] += value ?? 0));
  return [axis.times, ...sums.reverse()];
}

function options({plot, axis, series, how, point}) {
  const colour = name => {
    plot.style.color = `var(${name})`;
    return getComputedStyle(plot).color;
  };
  const ink = colour('--muted');
  const gapColour = colour('--gap');
  const grid = {stroke: colour('--line'), width: 1};
  const lines = series.map(one => {
    const stroke = colour(`--c${one.colour}`);
    const bars = {fill: stroke, width: 0, paths: uPlot.paths.bars({size: [0.8, 48]})};
    const line = {width: 2, points: {show: false, size: 6, fill: stroke, filter: () => lonely(one.values)}};
    return {label: one.label, stroke, ...(how.stacked ? {points: {show: false}, ...bars} : line)};
  });
  const half = axis.times.length > 1 ? (axis.times[1] - axis.times[0]) / 2 : 1800;
  return {
    width: plot.clientWidth,
    height: HEIGHT,
    legend: {show: false},
    cursor: {y: false, drag: {x: false, y: false}, ...(how.stacked && {points: {show: false}})},
    scales: {
      x: {time: false, range: () => [axis.times[0] - half, axis.times.at(-1) + half]},
      y: {range: (u, low, high) => [Math.min(0, low ?? 0), high > 0 ? high * 1.05 : low < 0 ? 0 : 1]},
    },
    axes: [
      {stroke: ink, grid: {show: false}, ticks: {show: false}, size: 26, font: font(plot),
        splits: u => labelled(axis, u.bbox.width / devicePixelRatio), values: (u, at) => at.map(t => shortStep(t, axis.unit))},
      {stroke: ink, grid, ticks: {show: false}, size: 58, font: font(plot), values: (u, at) => at.map(how.short)},
    ],
    series: [{}, ...(how.stacked ? lines.reverse() : lines)],
    hooks: {
      setCursor: [u => point(u.cursor.idx ?? null)],
      // Bars stand in the middle over the time they begin at, and so do the marks.
      drawClear: [u => shade(u, axis.gaps.map(gap => ({from: gap.from - half, to: gap.to - half})), gapColour)],
    },
  };
}

/** Values with none before and none after them have no line to them; a point is drawn there. */
const lonely = values =>
  [...values.keys()].filter(i => values[i] !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null);

const font = plot => `12px ${getComputedStyle(plot).fontFamily}`;

/** The steps that have a label on the axis: as many as do not touch, and of hours those that divide a day evenly. */
function labelled(axis, width) {
  const apart = Math.max(1, Math.ceil(axis.times.length * LABEL_WIDTH / width));
  const hours = EVEN_HOURS.find(hours => hours >= apart) ?? Math.ceil(apart / 24) * 24;
  return axis.times.filter((time, i) => axis.unit === 'hour' ? time / 3600 % hours === 0 : i % apart === 0);
}

/** Marks where rows are missing. */
function shade(u, gaps, colour) {
  u.ctx.fillStyle = colour;
  for (const {from, to} of gaps) {
    const left = Math.max(u.bbox.left, u.valToPos(from, 'x', true));
    const right = Math.min(u.bbox.left + u.bbox.width, Math.max(u.valToPos(to, 'x', true), left + 2));
    u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
  }
}
