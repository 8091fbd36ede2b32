// Recent attempts, the newest first, page after older page; and all that is known of one request.

import {get} from './api.js';
import {announce, el, facts, panel, table} from './dom.js';
import {bytes, duration, exactUsd, number, time, usd} from './format.js';

const FILTERS = [['key', 'Key'], ['model', 'Model'], ['provider', 'Provider'], ['outcome', 'Outcome'], ['request_id', 'Request id']];
const PAGE = 40;
const MEANINGS = {
  proven: 'No other candidate could have cost less than the one tried first, whatever the answer. Tokens did not have to be counted to know it.',
  counted: 'No other candidate could have cost less than the one tried first, whatever the answer. Tokens were counted to know it.',
  expected: 'The candidate tried first was expected to cost least, at the output length that such requests have had. The regret is the most that another could have saved.',
  estimated: 'The candidate tried first was estimated to cost least. The request holds what cannot be counted exactly, so nothing is proven.',
  ordered: 'Providers are tried in the order of the configuration.',
  weighted: 'The provider was drawn by the weights of the configuration.',
};

export async function requests(parameters, go, signal) {
  const filters = Object.fromEntries(FILTERS.map(([name]) => [name, parameters.get(name) ?? '']));
  const cursor = parameters.get('cursor') ?? '';
  const page = await get('/usage', {...filters, cursor, limit: PAGE}, signal);
  announce(`${page.data.length} attempts`);
  return {
    title: 'Requests',
    content: [
      filterForm(filters, go),
      page.data.length === 0
        ? el('section', {class: 'panel empty'}, el('h2', {}, 'No attempts'), el('p', {}, 'None match, or none were made yet.'))
        : panel('Attempts', attempts(page.data), older(page.next, filters, cursor, go)),
    ],
  };
}

function filterForm(filters, go) {
  const fields = FILTERS.map(([name, label]) =>
    el('label', {}, label, el('input', {name, value: filters[name], autocomplete: 'off', spellcheck: 'false'})));
  return el('form', {class: 'filters', role: 'search', onsubmit: event => {
    event.preventDefault();
    go('/requests', Object.fromEntries(new FormData(event.target)));
  }}, fields, el('button', {class: 'primary'}, 'Filter'));
}

function attempts(rows) {
  return table('Attempts, newest first', [
    {title: 'Started (UTC)', rowHead: true, cell: row => el('a', {href: '#/requests/' + encodeURIComponent(row.request_id)}, time(row.started_at))},
    {title: 'Key', cell: row => row.key},
    {title: 'Model asked', cell: row => row.model_asked},
    {title: 'Provider', cell: row => row.attempt > 1 ? `${row.provider} (attempt ${row.attempt})` : row.provider},
    {title: 'Outcome', cell: row => outcome(row)},
    {title: 'Input', number: true, note: 'tokens, cached and written ones too', cell: row => number(inputs(row))},
    {title: 'Output', number: true, note: 'tokens', cell: row => number(row.output_tokens)},
    {title: 'Cost', number: true, cell: row => usd(row.cost_nano_usd)},
    {title: 'Decision', cell: row => row.decision},
    {title: 'First byte', number: true, cell: row => duration(row.first_byte_ms)},
    {title: 'Total', number: true, cell: row => duration(row.total_ms)},
  ], rows);
}

function inputs(row) {
  const classes = [row.input_tokens, row.cached_input_tokens, row.cache_write_tokens, row.cache_write_1h_tokens];
  return classes.every(tokens => tokens === null || tokens === undefined) ? null : classes.reduce((all, tokens) => all + (tokens ?? 0), 0);
}

function outcome(row) {
  const said = [row.outcome, row.status, row.failure].filter(part => part !== null && part !== undefined && part !== '');
  return el('span', {class: row.outcome === 'completed' ? 'good' : 'bad'}, said.join(' '));
}

function older(next, filters, cursor, go) {
  return el('p', {class: 'pages'},
      cursor && el('button', {name: 'newest', onclick: () => go('/requests', filters)}, 'Newest'),
      next && el('button', {name: 'older', onclick: () => go('/requests', {...filters, cursor: next})}, 'Older'));
}

/** One request: its attempts, and how its provider was chosen. */
export async function request(id, signal) {
  const {data} = await get('/usage/' + encodeURIComponent(id), {}, signal);
  const [first] = data;
  const last = data.at(-1);
  announce(`${data.length} attempts`);
  return {
    title: 'Request',
    content: [
      el('p', {}, el('a', {href: '#/requests'}, '← All requests')),
      panel('Request', facts([
        ['Request id', el('code', {class: 'id'}, first.request_id)],
        ['Started (UTC)', time(first.started_at)],
        ['Key', first.key],
        ['Operation', first.operation],
        ['Model asked', first.model_asked],
        ['Model configured', first.model],
        ['Streamed', first.stream ? 'yes' : 'no'],
        ['Client’s own id', first.client_request_id && el('code', {class: 'id'}, first.client_request_id)],
        ['Cost of all attempts', exactUsd(data.every(row => row.cost_nano_usd === null) ? null
          : data.reduce((all, row) => all + (row.cost_nano_usd ?? 0), 0))],
      ])),
      decision(last),
      panel('Attempts', timeline(data)),
      ...data.map(attempt),
    ],
  };
}

function decision(row) {
  const interval = (low, high, format) => low === null || low === undefined ? null
    : high === null || high === undefined ? `${format(low)} or more` : `${format(low)} to ${format(high)}`;
  return panel('Decision',
      el('p', {class: 'verdict'}, el('strong', {}, row.decision ?? 'unknown'), ' ', MEANINGS[row.decision] ?? ''),
      facts([
        ['Rule', row.rule && el('code', {}, row.rule)],
        ['Cost foreseen', interval(row.low_nano_usd, row.high_nano_usd, exactUsd)],
        ['Input foreseen', interval(row.input_low, row.input_high, tokens => number(tokens)) && interval(row.input_low, row.input_high, number) + ' tokens'],
        ['Tokens counted', row.counted === null || row.counted === undefined ? null : row.counted ? 'yes' : 'no'],
        ['Regret, at most', row.regret_nano_usd === null ? null : exactUsd(row.regret_nano_usd)],
        ['First choice would have cost', exactUsd(row.first_choice_nano_usd)],
        ['Dearest would have cost', exactUsd(row.dearest_nano_usd)],
      ]));
}

/** When each attempt was on its way, on one scale. */
function timeline(rows) {
  const end = Math.max(1, ...rows.map(row => (row.started_after_ms ?? 0) + (row.total_ms ?? 0)));
  const bar = row => {
    const line = el('span', {class: row.outcome === 'completed' ? 'span good' : 'span bad'});
    line.style.marginLeft = `${100 * (row.started_after_ms ?? 0) / end}%`;
    line.style.width = `${100 * (row.total_ms ?? 0) / end}%`;
    return el('span', {class: 'track'}, line);
  };
  return table('Attempts of this request', [
    {title: 'Attempt', rowHead: true, cell: row => String(row.attempt)},
    {title: 'Provider', cell: row => row.provider},
    {title: 'Outcome', cell: outcome},
    {title: 'Began after', number: true, cell: row => duration(row.started_after_ms)},
    {title: 'First byte', number: true, cell: row => duration(row.first_byte_ms)},
    {title: 'Total', number: true, cell: row => duration(row.total_ms)},
    {title: 'Cost', number: true, cell: row => usd(row.cost_nano_usd)},
    {title: 'On its way', cell: bar},
  ], rows);
}

/** What has to be known of a cost. */
function remark(row) {
  return row.cost_nano_usd === null ? ' (no price)' : row.partial ? ' (partial: the price or the rate of something is not known)' : '';
}

function attempt(row) {
  return panel(`Attempt ${row.attempt}: ${row.provider}`, facts([
    ['Model sent', row.model_sent],
    ['Cost', exactUsd(row.cost_nano_usd) + remark(row)],
    ['Possible cost', row.possible_nano_usd ? exactUsd(row.possible_nano_usd) : null],
    ['Price', row.price_version],
    ['Tokens are', row.token_source],
    ['Uncached input', number(row.input_tokens)],
    ['Cached input', number(row.cached_input_tokens)],
    ['Cache writes, 5 min', number(row.cache_write_tokens)],
    ['Cache writes, 1 h', number(row.cache_write_1h_tokens)],
    ['Output', number(row.output_tokens)],
    ['Reasoning, of output', number(row.reasoning_tokens)],
    ['Audio, of input', row.audio_input_tokens > 0 ? number(row.audio_input_tokens) : null],
    ['Audio, of output', row.audio_output_tokens > 0 ? number(row.audio_output_tokens) : null],
    ['Request', bytes(row.request_bytes)],
    ['Answer', bytes(row.response_bytes)],
    ['Provider’s id', row.provider_request_id && el('code', {class: 'id'}, row.provider_request_id)],
  ]), row.usage && el('details', {}, el('summary', {}, 'Usage as the provider sent it'),
      el('pre', {tabindex: '0'}, typeof row.usage === 'string' ? row.usage : JSON.stringify(row.usage, null, 2))));
}
