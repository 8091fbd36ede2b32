// Every row of the official clients through a gateway whose objects belong to the keys that have made them. Before a key makes a call,
// another one makes the same with what the first has: it is refused, and nothing that the first has is gone afterwards.
// Arguments: the address, and for each client a key and another. Prints a line of JSON for each method: what came of it for both.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import * as anthropic from './anthropic-rows.mjs';
import * as openai from './openai-rows.mjs';

const [url, openaiKey, otherOpenaiKey, anthropicKey, otherAnthropicKey] = process.argv.slice(2);
const throughGateway = (target, init) => fetch(String(target).replace('https://api.anthropic.com', url), init);
const ofOpenAi = (apiKey) => new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
const ofAnthropic = (apiKey) => new Anthropic({ apiKey, baseURL: url, maxRetries: 0, fetch: throughGateway });
const clients = {
  openai: [ofOpenAi(openaiKey), ofOpenAi(otherOpenaiKey), openai],
  anthropic: [ofAnthropic(anthropicKey), ofAnthropic(otherAnthropicKey), anthropic],
};

/** Paths that are in no table, which nobody opens but with shared objects, and those that take the provider's own admin key. */
const shared = /^fineTuning\.(alpha|checkpoints)\./;

/** What another key is told: nothing that it could not know. */
const refusal = (e, listed) => (listed ? e.status === 403 : e.status === 404);

/** Makes the call of `row` with what is in `state`, but leaves that as it is. Says whether it has used something of it. */
async function byOther(row, client, state) {
  let used = false;
  const own = {};
  const borrowed = new Proxy(own, {
    get(_, name) {
      if (name in own) return own[name];
      used ||= name in state;
      return state[name];
    },
  });
  try {
    await row(client, borrowed);
    return { used };
  } catch (e) {
    return { used, failure: e };
  }
}

for (const [sdk, [client, otherClient, { rows, lists }]] of Object.entries(clients)) {
  const state = {};
  for (const [call, row] of Object.entries(rows).filter(([call]) => !shared.test(call))) {
    const say = (result) => console.log(JSON.stringify({ sdk, call, ...result }));
    const told = (e) => `${e.status ?? ''} ${e.message}`;
    const listed = lists.includes(call);
    const other = await byOther(row, otherClient, state);
    const due = other.used || listed;
    if (due && !other.failure) say({ error: 'the other key is served' });
    else if (other.failure && !(due && refusal(other.failure, listed))) say({ error: `the other key: ${told(other.failure)}` });
    try {
      await row(client, state);
      if (listed) say({ error: 'lists what every key has made' });
      else say({ other: due ? 'refused' : 'has its own' });
    } catch (e) {
      if (listed && e.status === 403) say({ other: 'refused' });
      else say({ error: told(e) });
    }
  }
}
