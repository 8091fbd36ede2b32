// What is on its way now, who the providers are, and what they charge.

import {get} from './api.js';
import {announce, el, panel, table} from './dom.js';
import {bytes, duration, number, usd} from './format.js';

export async function live(signal) {
  const {data} = await get('/live', {}, signal);
  announce(`${data.length} streams`);
  return {
    title: 'Live',
    again: 2000,
    content: [panel('Streams on their way now', data.length === 0 ? el('p', {}, 'None at the moment.') : table('Streams on their way now', [
      {title: 'Request', rowHead: true, cell: row => el('code', {}, row.request_id)},
      {title: 'Key', cell: row => row.key},
      {title: 'Model', cell: row => row.model},
      {title: 'Provider', cell: row => row.provider},
      {title: 'For', number: true, cell: row => duration(row.age_ms)},
      {title: 'Received', number: true, cell: row => bytes(row.response_bytes)},
    ], data))],
  };
}

export async function providers(signal) {
  const {data} = await get('/providers', {}, signal);
  return {
    title: 'Providers',
    content: [panel('Providers', table('Providers', [
      {title: 'Id', rowHead: true, cell: row => row.id},
      {title: 'Kind', cell: row => row.type},
      {title: 'Host', cell: row => row.host},
      {title: 'Attempts', number: true, cell: row => number(row.attempts)},
      {title: 'Failed', number: true, cell: row => number(row.failures)},
    ], data))],
  };
}

export async function prices(signal) {
  const {data} = await get('/prices', {}, signal);
  const price = (title, name, note) => ({title, number: true, note, cell: row => usd(row[name])});
  return {
    title: 'Prices',
    content: [panel('Prices in force', el('p', {class: 'note'}, 'US dollars for a million tokens; per request where it says so.'),
        table('Prices in force, in US dollars for a million tokens', [
          {title: 'Provider', rowHead: true, cell: row => row.provider},
          {title: 'Model sent', cell: row => row.model},
          price('Input', 'input_nano_usd'),
          price('Cached', 'cached_input_nano_usd', 'cached input'),
          price('Write, 5 min', 'cache_write_nano_usd', 'written to a cache for five minutes'),
          price('Write, 1 h', 'cache_write_1h_nano_usd', 'written to a cache for an hour'),
          price('Output', 'output_nano_usd'),
          price('Reasoning', 'reasoning_nano_usd'),
          price('Per request', 'per_request_nano_usd'),
          {title: 'Window', number: true, note: 'tokens of context', cell: row => number(row.context)},
          {title: 'From', cell: row => row.version},
        ], data))],
  };
}
