// What the official client of Anthropic for Node can do, as openai-rows.mjs has it for the other.
import assert from 'node:assert/strict';
import { toFile } from '@anthropic-ai/sdk';
import { all, bytes, listed } from './openai-rows.mjs';

const model = 'claude-sonnet-4-5';
const message = { model, max_tokens: 64, messages: [{ role: 'user', content: 'Say something.' }] };
const text = 'a file\n';
const file = () => toFile(Buffer.from(text), 'file.txt', { type: 'text/plain' });
const requests = [{ custom_id: 'first', params: message }];

/** The same calls stand at the client and under `beta`, with a query and a header more. */
function both(prefix, at) {
  const key = (name) => `${prefix}${name}`;
  return {
    [key('messages.create')]: async (c) => {
      assert.ok((await at(c).messages.create(message)).content[0].text);
      return (await all(at(c).messages.create({ ...message, stream: true }))).at(-1).type;
    },
    [key('messages.stream')]: async (c) => (await at(c).messages.stream(message).finalMessage()).stop_reason,
    [key('messages.parse')]: async (c) => (await at(c).messages.parse(message)).id,
    [key('messages.countTokens')]: async (c) => (await at(c).messages.countTokens({ model, messages: message.messages })).input_tokens,
    [key('models.list')]: async (c) => listed(at(c).models.list(), model),
    [key('models.retrieve')]: async (c) => (await at(c).models.retrieve(model)).id,
    [key('messages.batches.create')]: async (c, s) => (s[prefix + 'batch'] = (await at(c).messages.batches.create({ requests })).id),
    [key('messages.batches.retrieve')]: async (c, s) => {
      assert.equal((await at(c).messages.batches.retrieve(s[prefix + 'batch'])).processing_status, 'ended');
    },
    [key('messages.batches.list')]: async (c, s) => listed(at(c).messages.batches.list({ limit: 2 }), s[prefix + 'batch']),
    [key('messages.batches.results')]: async (c, s) =>
      assert.equal((await all(at(c).messages.batches.results(s[prefix + 'batch'])))[0].custom_id, 'first'),
    [key('messages.batches.cancel')]: async (c) => {
      const { id } = await at(c).messages.batches.create({ requests });
      return (await at(c).messages.batches.cancel(id)).processing_status;
    },
    [key('messages.batches.delete')]: async (c, s) => {
      await at(c).messages.batches.delete(s[prefix + 'batch']);
      await assert.rejects(at(c).messages.batches.retrieve(s[prefix + 'batch']), { status: 404 });
    },
    [key('files.upload')]: async (c, s) => (s[prefix + 'file'] = (await at(c).files.upload({ file: await file() })).id),
    [key('files.retrieveMetadata')]: async (c, s) => assert.equal((await at(c).files.retrieveMetadata(s[prefix + 'file'])).size_bytes, text.length),
    [key('files.list')]: async (c, s) => listed(at(c).files.list({ limit: 2 }), s[prefix + 'file']),
    [key('files.download')]: async (c, s) => assert.equal((await bytes(at(c).files.download(s[prefix + 'file']))).toString(), text),
    [key('files.delete')]: async (c, s) => {
      await at(c).files.delete(s[prefix + 'file']);
      await assert.rejects(at(c).files.retrieveMetadata(s[prefix + 'file']), { status: 404 });
    },
  };
}

export const rows = { ...both('', (c) => c), ...both('beta.', (c) => c.beta) };

/** Methods that list objects whoever has made them. */
export const lists = ['messages.batches.list', 'files.list', 'beta.messages.batches.list', 'beta.files.list'];

/** Methods that send nothing to a provider of themselves. */
export const local = {
  'beta.messages.toolRunner': 'makes messages, as beta.messages.create does',
  'beta.messages.thread': 'makes messages, as beta.messages.create does',
  'beta.webhooks.unwrap': 'checks a signature',
  'beta.webhooks.parseUnverified': 'reads an event',
};
