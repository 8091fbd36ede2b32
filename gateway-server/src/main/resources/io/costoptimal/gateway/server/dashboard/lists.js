// What is on its way now, who the providers are, and what they charge.

import {get} from './api.js';
import {announce, el, panel, table} from './dom.js';
import {bytes, counted, duration, exactUsd, number} from './format.js';

export async function live(signal) {
  const {data, total} = await get('/live', {}, signal);
  announce(`${counted(total, 'request')} on the way`);
  const streams = table('Requests on their way now, the oldest first', [
    {title: 'Request', rowHead: true, cell: row => el('code', {}, row.request_id)},
    {title: 'Key', cell: row => row.key},
    {title: 'Model asked', cell: row => row.model},
    {title: 'Provider', cell: row => row.provider},
    {title: 'Attempt', number: true, cell: row => number(row.attempt)},
    {title: 'Phase', cell: row => row.stream && row.phase === 'answering' ? 'streaming' : row.phase},
    {title: 'For', number: true, cell: row => duration(row.age_ms)},
    {title: 'Sent to the client', number: true, cell: row => bytes(row.response_bytes)},
  ], data);
  return {
    title: 'Live',
    again: 2000,
    content: [panel('On their way now',
        el('p', {class: 'note'}, data.length < total ? `The oldest ${number(data.length)} of ${number(total)}.`
          : total === 0 ? 'None at the moment.' : counted(total, 'request')),
        data.length > 0 && streams)],
  };
}

export async function providers(signal) {
  const {data} = await get('/providers', {}, signal);
  announce(counted(data.length, 'provider'));
  const state = row => row.failing ? el('span', {class: 'bad'}, 'failing')
    : row.attempts === 0 ? 'not asked yet' : el('span', {class: 'good'}, 'answers');
  return {
    title: 'Providers',
    content: [panel('Providers', el('p', {class: 'note'}, 'Attempts are counted from the start of this process.'),
        table('Providers', [
          {title: 'Id', rowHead: true, cell: row => row.id},
          {title: 'Kind', cell: row => row.type},
          {title: 'Host', cell: row => (row.tls ? 'https://' : 'http://') + row.host},
          {title: 'Credential', cell: row => row.credential},
          {title: 'Attempts', number: true, cell: row => number(row.attempts)},
          {title: 'Failed', number: true, cell: row => number(row.failures)},
          {title: 'Left by the client', number: true, cell: row => number(row.abandoned)},
          {title: 'Now', cell: state},
        ], data))],
  };
}

export async function prices(signal) {
  const {data} = await get('/prices', {}, signal);
  announce(counted(data.length, 'price'));
  const price = (title, name, note) => ({title, number: true, note, cell: row => amount(row, name)});
  return {
    title: 'Prices',
    content: [panel('Prices in force',
        el('p', {class: 'note'}, 'US dollars for a million tokens; the fee is for each request. A price in italics follows from that of another class.'),
        table('Prices in force, in US dollars for a million tokens', [
          {title: 'Provider', rowHead: true, cell: row => row.provider},
          {title: 'Model sent', cell: row => row.model},
          {title: 'Input above', number: true, note: 'tokens of input from which this tier holds', cell: row => number(row.above)},
          price('Input', 'input_nano_usd'),
          price('Cached', 'cached_input_nano_usd', 'input read from a cache'),
          price('Write, 5 min', 'cache_write_nano_usd', 'input written to a cache for five minutes'),
          price('Write, 1 h', 'cache_write_1h_nano_usd', 'input written to a cache for an hour'),
          price('Output', 'output_nano_usd'),
          price('Reasoning', 'reasoning_nano_usd'),
          price('Fee', 'per_request_nano_usd', 'for each request'),
          {title: 'Window', number: true, note: 'tokens of input and output together', cell: row => number(row.context)},
          {title: 'Longest output', number: true, note: 'tokens', cell: row => number(row.max_output)},
          {title: 'From', cell: row => row.version ?? el('span', {class: 'bad'}, 'no price')},
        ], data))],
  };
}

const amount = (row, name) =>
  row.derived.includes(name.replace('_nano_usd', '')) ? el('em', {title: 'follows from another class'}, exactUsd(row[name])) : exactUsd(row[name]);
