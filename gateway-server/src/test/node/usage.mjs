// Every call of the official clients that uses tokens, streamed and not, with the headers they send of themselves.
// Arguments: the gateway's address and a key. Prints what each call gave; the caller looks for their usage in the log.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const [url, apiKey] = process.argv.slice(2);
const openai = new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
const anthropic = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
const chat = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Say something.' }] };
const message = { model: 'claude-sonnet-4-5', max_tokens: 64, messages: chat.messages };

async function last(stream) {
  let event;
  for await (event of await stream);
  return event;
}

const calls = {
  chat: async () => (await openai.chat.completions.create(chat)).usage.total_tokens,
  'streamed chat': async () =>
    (await last(openai.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } }))).usage
      .total_tokens,
  response: async () => (await openai.responses.create({ model: 'gpt-4o', input: 'Hello' })).usage.total_tokens,
  'streamed response': async () =>
    (await last(openai.responses.create({ model: 'gpt-4o', input: 'Hello', stream: true }))).response.usage.total_tokens,
  embeddings: async () =>
    (await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'some text' })).usage.total_tokens,
  message: async () => (await anthropic.messages.create(message)).usage.output_tokens,
  'streamed message': async () => (await anthropic.messages.stream(message).finalMessage()).usage.output_tokens,
};

for (const [name, call] of Object.entries(calls)) {
  try {
    console.log(`${name}: ${await call()}`);
  } catch (e) {
    console.log(`${name}: ${e.constructor.name} ${e.message}`);
  }
}
