// The first view: what was spent and saved over time, with what tokens, how fast, and what failed.

import {get} from './api.js';
import {chart} from './charts.js';
import {announce, el, facts, panel, table} from './dom.js';
import {counted, duration, number, share, short, shortUsd, time, usd} from './format.js';
import {RANGES, range, stepOf, steps} from './range.js';

const SPLITS = [['provider', 'provider'], ['model', 'model'], ['key', 'key']];
const MOST_SERIES = 8;
/** Classes of tokens, none of which holds a token of another. */
const CLASSES = [
  ['Uncached input', 'input_tokens'],
  ['Cached input', 'cached_input_tokens'],
  ['Cache writes, 5 min', 'cache_write_tokens'],
  ['Cache writes, 1 h', 'cache_write_1h_tokens'],
  ['Output', 'output_tokens'],
];
/** Parts of those classes, which are in them already. */
const PARTS = [
  ['Reasoning, of output', 'reasoning_tokens'],
  ['Audio, of input', 'audio_input_tokens'],
  ['Audio, of output', 'audio_output_tokens'],
];
/** Outcomes with their colours, in the order in which they are stacked. */
const OUTCOMES = [['completed', 3], ['failed', 5], ['cut', 4], ['cancelled', 2], ['aborted', 8]];
const DECISIONS = [
  ['proven', 'cheapest whatever the answer is, known without counting tokens'],
  ['counted', 'cheapest whatever the answer is, known after counting tokens'],
  ['expected', 'cheapest at the output expected; the regret is bounded'],
  ['estimated', 'cheapest by an estimate: the request has images, files or an unknown tokenizer'],
  ['ordered', 'in the order of the configuration'],
  ['weighted', 'drawn by weight'],
];

/** @param parameters of the page's address: range, from, to, by */
export async function spend(parameters, go, signal) {
  const chosen = {range: parameters.get('range') ?? '24h', by: parameters.get('by') ?? 'provider',
    from: parameters.get('from') ?? '', to: parameters.get('to') ?? ''};
  const shown = range(chosen.range, chosen.from, chosen.to);
  if (shown === null) {
    return {title: 'Spend', content: [controls(chosen, go), noDay(chosen)]};
  }
  const bounds = {from: new Date(shown.from).toISOString(), to: new Date(shown.to).toISOString()};
  const summary = group => get('/usage/summary', {group, ...bounds}, signal);
  const [whole, overTime, split, splitOverTime, outcomes] = await Promise.all([
    summary(''), summary(shown.unit), summary(chosen.by), summary(`${chosen.by},${shown.unit}`), summary(`outcome,${shown.unit}`),
  ]);
  const axis = {times: steps(shown), unit: shown.unit, gaps: overTime.gaps.map(gapInSeconds)};
  announce(`${counted(whole.data[0]?.attempts ?? 0, 'attempt')}, ${usd(whole.data[0]?.cost_nano_usd ?? 0)} spent`);
  return {
    title: 'Spend',
    content: [
      controls(chosen, go),
      ...(whole.data.length === 0 ? [empty()] : [
        tiles(whole.data[0], sumWhere(outcomes.data, row => row.outcome !== 'completed', 'attempts')),
        charts(axis, {whole: whole.data[0], overTime: overTime.data, split: splitOverTime.data, outcomes: outcomes.data}, chosen.by),
        splitTable(split.data, chosen.by),
        el('div', {class: 'pair'}, tokenTable(whole.data[0]), decisionTable(whole.data[0])),
      ]),
      missing(overTime.gaps),
    ],
  };
}

function controls(chosen, go) {
  const goTo = change => {
    const to = {...chosen, ...change};
    const custom = to.range === 'custom' ? {from: to.from, to: to.to} : {};
    go('/', {range: to.range, by: to.by, ...custom});
  };
  const ranges = RANGES.map(([word, label]) =>
      el('label', {}, el('input', {type: 'radio', name: 'range', value: word, checked: word === chosen.range,
        onchange: () => goTo(word === 'custom' ? {range: word, ...lastWeek()} : {range: word})}), el('span', {}, label)));
  const by = el('select', {id: 'by', onchange: event => goTo({by: event.target.value})},
      SPLITS.map(([word, label]) => el('option', {value: word, selected: word === chosen.by}, label)));
  const date = (name, label) => el('label', {class: 'date'}, label, el('input', {type: 'date', value: chosen[name],
    required: true, onchange: event => event.target.value && goTo({[name]: event.target.value})}));
  return el('div', {class: 'controls'},
      el('fieldset', {class: 'choice'}, el('legend', {class: 'unseen'}, 'Time shown'), ranges),
      chosen.range === 'custom' && el('div', {class: 'dates'}, date('from', 'From '), date('to', 'to ')),
      el('label', {class: 'by'}, 'Split by ', by));
}

/** What a custom range begins with: the last seven days. */
function lastWeek() {
  const day = ago => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  return {from: day(6), to: day(0)};
}

function empty() {
  return el('section', {class: 'panel empty'}, el('h2', {}, 'No attempts in this time'),
      el('p', {}, 'Every request that the gateway sends to a provider shows here a few seconds after its end.'));
}

/** Nothing is shown, rather than figures of a time that nobody asked for. */
function noDay({from, to}) {
  const known = !isNaN(Date.parse(from)) && !isNaN(Date.parse(to));
  return el('section', {class: 'panel empty', role: 'alert'},
      el('h2', {}, known ? 'The last day is before the first' : 'A day is missing'),
      el('p', {}, 'Choose a first day, and a last day that is the same or a later one.'));
}

function tiles(all, failed) {
  const tile = (label, value, note) => el('div', {class: 'tile'}, el('dt', {}, label), el('dd', {class: 'big'}, value),
      el('dd', {class: 'note'}, note));
  return el('dl', {class: 'tiles'},
      tile('Spent', usd(all.cost_nano_usd), all.unpriced_attempts > 0
        ? `and ${counted(all.unpriced_attempts, 'attempt')} without a price` : 'every attempt has a price'),
      tile('Saved against the first choice', usd(all.saved_first_choice_nano_usd), 'the first provider listed'),
      tile('Saved against the dearest', usd(all.saved_dearest_nano_usd), 'the dearest candidate'),
      tile('Possible beyond that', usd(all.possible_nano_usd), 'sent whole, never answered'),
      tile('Attempts', number(all.attempts), `${number(all.failovers)} failed over`),
      tile('Not completed', number(failed), `${share(failed, all.attempts)} of all attempts`));
}

function charts(axis, {whole, overTime, split, outcomes}, by) {
  const money = {stacked: true, format: usd, short: shortUsd};
  const counts = {stacked: true, format: number, short};
  const lines = {stacked: false, format: duration, short: duration};
  const bucket = column => byStep(axis, overTime, row => row[column]);
  const series = (label, column, format) =>
    ({label, values: bucket(column).map(value => value ?? 0), total: format(sum(overTime, column))});
  const percentiles = what => ['p50', 'p90', 'p99'].map(p =>
    ({label: p, values: bucket(`${what}_${p}_ms`), total: duration(whole[`${what}_${p}_ms`])}));
  return el('div', {class: 'charts'},
      chart(`Spend by ${by}`, axis, groups(axis, split, by, 'cost_nano_usd', usd), money),
      chart('Tokens by class', axis, CLASSES.map(([label, column]) => series(label, column, number)), counts),
      chart('Saved', axis, [series('against the first choice', 'saved_first_choice_nano_usd', usd),
        series('against the dearest', 'saved_dearest_nano_usd', usd)], {...money, stacked: false}),
      chart('Outcomes of attempts', axis, ordered(groups(axis, outcomes, 'outcome', 'attempts', number)), counts),
      chart('Time to the first byte', axis, percentiles('first_byte'), lines),
      chart('Time to the end', axis, percentiles('total'), lines),
      chart('Failovers', axis, [series('failed over to another provider', 'failovers', number)], counts),
      chart('Possible beyond the spend', axis, [series('sent whole, never answered', 'possible_nano_usd', usd)], money));
}

/** Each outcome looks the same whichever is the most frequent. */
const ordered = series => OUTCOMES.flatMap(([label, colour]) =>
  series.filter(one => one.label === label).map(one => ({...one, colour})));

/** One value for each step, null where there is none. */
function byStep(axis, rows, value) {
  const found = new Map(rows.map(row => [stepOf(row, axis.unit), value(row)]));
  return axis.times.map(time => found.get(time) ?? null);
}

/** A series for each group, the greatest first; the least share the last one. */
function groups(axis, rows, by, column, format) {
  const totals = new Map();
  rows.forEach(row => totals.set(row[by], (totals.get(row[by]) ?? 0) + (row[column] ?? 0)));
  const names = [...totals.keys()].sort((a, b) => totals.get(b) - totals.get(a));
  const series = (label, of) => {
    const own = rows.filter(row => of.has(row[by]));
    const values = new Map();
    own.forEach(row => values.set(stepOf(row, axis.unit), (values.get(stepOf(row, axis.unit)) ?? 0) + (row[column] ?? 0)));
    return {label, values: axis.times.map(time => values.get(time) ?? 0), total: format(sum(own, column))};
  };
  const alone = names.length > MOST_SERIES ? names.slice(0, MOST_SERIES - 1) : names;
  const rest = names.slice(alone.length);
  return [...alone.map(name => series(name ?? 'none', new Set([name]))),
    ...(rest.length > 0 ? [series(`${rest.length} more`, new Set(rest))] : [])];
}

function splitTable(rows, by) {
  const sorted = [...rows].sort((a, b) => (b.cost_nano_usd ?? 0) - (a.cost_nano_usd ?? 0));
  const columns = [
    {title: by, rowHead: true, cell: row => row[by] ?? 'none'},
    {title: 'Attempts', number: true, cell: row => number(row.attempts)},
    {title: 'Input tokens', number: true, cell: row => number(row.input_tokens + row.cached_input_tokens
      + row.cache_write_tokens + row.cache_write_1h_tokens)},
    {title: 'Output tokens', number: true, cell: row => number(row.output_tokens)},
    {title: 'Spent', number: true, cell: row => usd(row.unpriced_attempts < row.attempts ? row.cost_nano_usd : null)},
    {title: 'No price', number: true, note: 'attempts without a price', cell: row => number(row.unpriced_attempts)},
    {title: 'Saved (first)', number: true, note: 'against the first choice', cell: row => usd(row.saved_first_choice_nano_usd)},
    {title: 'Saved (dearest)', number: true, note: 'against the dearest candidate', cell: row => usd(row.saved_dearest_nano_usd)},
    {title: 'First byte p50', number: true, cell: row => duration(row.first_byte_p50_ms)},
    {title: 'Total p50', number: true, cell: row => duration(row.total_p50_ms)},
    {title: 'Total p99', number: true, cell: row => duration(row.total_p99_ms)},
  ];
  return panel(`By ${by}`, table(`Attempts by ${by}`, columns, sorted));
}

function tokenTable(all) {
  const columns = [
    {title: 'Class', rowHead: true, cell: ([label]) => label},
    {title: 'Tokens', number: true, cell: ([, column]) => number(all[column])},
  ];
  return panel('Tokens', table('Tokens of all attempts', columns, [...CLASSES, ...PARTS]));
}

function decisionTable(all) {
  const columns = [
    {title: 'Decision', rowHead: true, cell: ([word]) => word},
    {title: 'Meaning', text: true, cell: ([, meaning]) => meaning},
    {title: 'Attempts', number: true, cell: ([word]) => number(all.decisions?.[word] ?? 0)},
  ];
  return panel('How providers were chosen', table('Attempts by decision', columns, DECISIONS),
      facts([['Regret, at most', usd(all.regret_nano_usd)]]));
}

function missing(gaps) {
  const said = gaps.length === 0 ? [el('p', {}, 'No rows are missing in this time.')] : [el('ul', {}, gaps.map(gap =>
      el('li', {}, `${counted(gap.count, 'row')} missing here: ${time(gap.from)} to ${time(gap.to)} (${gap.reason})`)))];
  return panel('Completeness', ...said);
}

const gapInSeconds = gap => ({from: Date.parse(gap.from) / 1000, to: Date.parse(gap.to) / 1000});

const sum = (rows, column) => rows.reduce((all, row) => all + (row[column] ?? 0), 0);

const sumWhere = (rows, which, column) => sum(rows.filter(which), column);
