// Every resource of the official clients, method by method, through a gateway.
// Arguments: the address, a key for each client, by which wire (see wires.mjs), and whether methods without a row are called ("all" or "rows"). Prints a line of JSON for each method: what was called and what came of it.
// Methods that have no row of their own are those of paths that a gateway only passes on: they are called with made-up arguments.
// A method that can be called in neither way is printed as an error, so that a new version of a client shows what is missing.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import * as anthropic from './anthropic-rows.mjs';
import * as openai from './openai-rows.mjs';
import { use } from './wires.mjs';

const [url, openaiKey, anthropicKey, wire, which] = process.argv.slice(2);
await use(wire, url);

/** A batch of Anthropic's says where its results are by an absolute URL, which is not the gateway's. */
const throughGateway = (target, init) => fetch(String(target).replace('https://api.anthropic.com', url), init);

const shared = { maxRetries: 0 };
const clients = {
  openai: [new OpenAI({ ...shared, apiKey: openaiKey, adminAPIKey: openaiKey, baseURL: `${url}/v1` }), openai],
  anthropic: [new Anthropic({ ...shared, apiKey: anthropicKey, baseURL: url, fetch: throughGateway }), anthropic],
};

/** Names of all methods, with the resource that has them. */
function* methods(resource, name = '') {
  for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(resource))) {
    if (name && method !== 'constructor' && !method.startsWith('_')) yield [`${name}.${method}`, resource, method];
  }
  for (const [member, value] of Object.entries(resource)) {
    if (member !== '_client' && value?._client) yield* methods(value, name ? `${name}.${member}` : member);
  }
}

/** Methods that only call others of the same resource, over and over or as a stream. */
const repeating = /^(poll|stream|poller|worker|toolRunner)$|(AndPoll|RunPoll|Poll|Stream)$/;

/** Stands for a body or a query: it has every member that somebody asks for by name, and none when it is written out. */
const anything = new Proxy({}, { get: (_, name) => (typeof name === 'string' && /_?id$|^id/i.test(name) ? 'made_up' : undefined) });

/** Calls a method by what its parameters are called. */
async function passedOn(resource, method) {
  const source = resource[method].toString();
  const parameters = source.slice(source.indexOf('(') + 1, source.indexOf(') {')).split(',').map((p) => p.trim());
  const wanted = parameters.filter((p) => p && !/^options\b/.test(p));
  const args = wanted.map((p) => (/^(params|body|query|\{)/.test(p) ? anything : 'made_up'));
  const answer = await resource[method](...args);
  if (typeof answer?.arrayBuffer === 'function') await answer.arrayBuffer();
}

for (const [sdk, [client, { rows, local }]] of Object.entries(clients)) {
  const state = {};
  const all = new Map([...methods(client)].map(([name, resource, method]) => [name, [resource, method]]));
  const say = (call, by, result) => console.log(JSON.stringify({ sdk, call, by, ...result }));
  for (const [name, row] of Object.entries(rows)) {
    try {
      if (!all.has(name)) throw new Error('the client has no such method');
      say(name, 'row', { ok: String(await row(client, state)).slice(0, 60) });
    } catch (e) {
      say(name, 'row', { error: `${e.status ?? ''} ${e.message}` });
    }
  }
  for (const [name, [resource, method]] of all) {
    if (rows[name] || which === 'rows') continue;
    if (local[name] || repeating.test(method)) {
      say(name, 'local', { ok: local[name] ?? 'calls other methods of the same resource' });
      continue;
    }
    try {
      await passedOn(resource, method);
      say(name, 'passed', { ok: '' });
    } catch (e) {
      say(name, 'passed', { error: `${e.status ?? ''} ${e.message}` });
    }
  }
}
