// What the official client of OpenAI for Node can do, by resource and method. Each row makes its call with what the rows above it
// have made, and says what came of it; a row that finds something wrong throws.
import assert from 'node:assert/strict';
import { toFile } from 'openai';

const model = 'gpt-4o';
const messages = [{ role: 'user', content: 'Say something.' }];
const text = 'one line\nanother line\n';
const batchLine = { custom_id: 'first', method: 'POST', url: '/v1/chat/completions', body: { model, messages } };

/** A file of its own for each call, since a stream is read once. */
export const file = (content = text, name = 'file.jsonl', type = 'application/jsonl') => toFile(Buffer.from(content), name, { type });
const image = () => file('\x89PNG no picture', 'image.png', 'image/png');
const sound = () => file('ID3 no sound', 'sound.mp3', 'audio/mpeg');

export async function all(stream) {
  const events = [];
  for await (const event of await stream) events.push(event);
  assert.ok(events.length > 0, 'no event');
  return events;
}

/** Walks all pages of a list, two at a time, and expects what has the id `id` among them. */
export async function listed(list, id) {
  const ids = [];
  for await (const item of list) ids.push(item.id);
  assert.equal(new Set(ids).size, ids.length, 'something is listed twice');
  if (id) assert.ok(ids.includes(id), `${id} is not among ${ids}`);
  return ids;
}

/** Reads a binary answer to its end. */
export async function bytes(answer) {
  const read = Buffer.from(await (await answer).arrayBuffer());
  assert.ok(read.length > 0);
  return read;
}

const two = { limit: 2 };

export const rows = {
  'completions.create': async (c) => (await c.completions.create({ model, prompt: 'Say' })).choices[0].text,
  'embeddings.create': async (c) => (await c.embeddings.create({ model: 'text-embedding-3-small', input: 'x' })).data[0].embedding,
  'models.list': async (c) => listed(c.models.list(), model),
  'models.retrieve': async (c) => (await c.models.retrieve(model)).id,

  'chat.completions.create': async (c, s) => (s.chat = (await c.chat.completions.create({ model, messages, store: true, metadata: { a: 'b' } })).id),
  'chat.completions.stream': async (c) => (await c.chat.completions.stream({ model, messages }).finalChatCompletion()).choices[0].message.content,
  'chat.completions.parse': async (c) => (await c.chat.completions.parse({ model, messages })).choices[0].message.content,
  'chat.completions.runTools': async (c) => {
    const run = async () => 'sunny';
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const tool = { type: 'function', function: { name: 'weather', description: 'weather', parse: JSON.parse, function: run, parameters } };
    const asking = [{ role: 'user', content: 'Please call the tool.' }];
    return c.chat.completions.runTools({ model, messages: asking, tools: [tool] }).finalContent();
  },
  'chat.completions.retrieve': async (c, s) => assert.equal((await c.chat.completions.retrieve(s.chat)).id, s.chat),
  'chat.completions.update': async (c, s) => assert.equal((await c.chat.completions.update(s.chat, { metadata: { c: 'd' } })).metadata.c, 'd'),
  'chat.completions.list': async (c, s) => listed(c.chat.completions.list(two), s.chat),
  'chat.completions.messages.list': async (c, s) => listed(c.chat.completions.messages.list(s.chat)),
  'chat.completions.delete': async (c, s) => {
    assert.ok((await c.chat.completions.delete(s.chat)).deleted);
    await assert.rejects(c.chat.completions.retrieve(s.chat), { status: 404 });
  },

  'files.create': async (c, s) => (s.file = (await c.files.create({ file: await file(), purpose: 'fine-tune' })).id),
  'files.retrieve': async (c, s) => assert.equal((await c.files.retrieve(s.file)).bytes, text.length),
  'files.waitForProcessing': async (c, s) => (await c.files.waitForProcessing(s.file)).status,
  'files.list': async (c, s) => listed(c.files.list(two), s.file),
  'files.content': async (c, s) => assert.equal((await bytes(c.files.content(s.file))).toString(), text),
  'files.delete': async (c) => {
    const { id } = await c.files.create({ file: await file(), purpose: 'user_data' });
    assert.ok((await c.files.delete(id)).deleted);
    await assert.rejects(c.files.retrieve(id), { status: 404 });
  },

  'uploads.create': async (c, s) =>
    (s.upload = (await c.uploads.create({ bytes: 11, filename: 'up.jsonl', mime_type: 'text/jsonl', purpose: 'batch' })).id),
  'uploads.parts.create': async (c, s) => {
    const [one, other] = [await file('hello '), await file('world')];
    s.parts = [(await c.uploads.parts.create(s.upload, { data: one })).id, (await c.uploads.parts.create(s.upload, { data: other })).id];
  },
  'uploads.complete': async (c, s) => {
    const done = await c.uploads.complete(s.upload, { part_ids: s.parts });
    assert.equal((await bytes(c.files.content(done.file.id))).toString(), 'hello world');
  },
  'uploads.cancel': async (c) => {
    const { id } = await c.uploads.create({ bytes: 1, filename: 'x', mime_type: 'text/plain', purpose: 'batch' });
    return (await c.uploads.cancel(id)).status;
  },

  'batches.create': async (c, s) => {
    const input = await c.files.create({ file: await file(JSON.stringify(batchLine)), purpose: 'batch' });
    s.batchInput = { input_file_id: input.id, endpoint: '/v1/chat/completions', completion_window: '24h' };
    return (s.batch = (await c.batches.create(s.batchInput)).id);
  },
  'batches.retrieve': async (c, s) => {
    const { output_file_id } = await c.batches.retrieve(s.batch);
    const [line] = (await bytes(c.files.content(output_file_id))).toString().split('\n');
    assert.equal(JSON.parse(line).custom_id, 'first');
  },
  'batches.list': async (c, s) => listed(c.batches.list(two), s.batch),
  'batches.cancel': async (c, s) => (await c.batches.cancel((await c.batches.create(s.batchInput)).id)).status,

  'responses.create': async (c, s) => (s.response = (await c.responses.create({ model, input: 'Hello' })).id),
  'responses.stream': async (c, s) => (await c.responses.stream({ model, input: 'Hello', previous_response_id: s.response }).finalResponse()).id,
  'responses.parse': async (c) => (await c.responses.parse({ model, input: 'Hello' })).output_text,
  'responses.retrieve': async (c, s) => {
    assert.ok((await c.responses.retrieve(s.response)).output_text);
    assert.equal((await all(c.responses.retrieve(s.response, { stream: true }))).at(-1).response.id, s.response);
    const background = await c.responses.create({ model, input: 'Later', background: true });
    assert.equal(background.status, 'queued');
    assert.ok((await c.responses.retrieve(background.id)).usage.total_tokens > 0);
  },
  'responses.cancel': async (c) => {
    const { id } = await c.responses.create({ model, input: 'Later', background: true });
    assert.equal((await c.responses.cancel(id)).status, 'cancelled');
  },
  'responses.inputItems.list': async (c, s) => listed(c.responses.inputItems.list(s.response)),
  'responses.inputTokens.count': async (c) => (await c.responses.inputTokens.count({ model, input: 'Hello' })).input_tokens,
  'responses.compact': async (c, s) => (await c.responses.compact({ model, previous_response_id: s.response })).object,
  'responses.delete': async (c, s) => {
    await c.responses.delete(s.response);
    await assert.rejects(c.responses.retrieve(s.response), { status: 404 });
  },
  'beta.responses.create': async (c, s) => (s.betaResponse = (await c.beta.responses.create({ model, input: 'Hello' })).id),
  'beta.responses.retrieve': async (c, s) => (await c.beta.responses.retrieve(s.betaResponse)).id,
  'beta.responses.cancel': async (c) => (await c.beta.responses.cancel((await c.beta.responses.create({ model, input: 'x', background: true })).id)).status,
  'beta.responses.compact': async (c, s) => (await c.beta.responses.compact({ model, previous_response_id: s.betaResponse })).object,
  'beta.responses.inputItems.list': async (c, s) => listed(c.beta.responses.inputItems.list(s.betaResponse)),
  'beta.responses.inputTokens.count': async (c) => (await c.beta.responses.inputTokens.count({ model, input: 'x' })).input_tokens,
  'beta.responses.delete': async (c, s) => c.beta.responses.delete(s.betaResponse),

  'conversations.create': async (c, s) =>
    (s.conversation = (await c.conversations.create({ items: [{ type: 'message', role: 'user', content: 'Hi' }] })).id),
  'conversations.retrieve': async (c, s) => (await c.conversations.retrieve(s.conversation)).id,
  'conversations.update': async (c, s) => (await c.conversations.update(s.conversation, { metadata: { a: 'b' } })).metadata,
  'conversations.items.create': async (c, s) => {
    const made = await c.conversations.items.create(s.conversation, { items: [{ type: 'message', role: 'user', content: 'More' }] });
    s.item = made.data[0].id;
  },
  'conversations.items.retrieve': async (c, s) => (await c.conversations.items.retrieve(s.item, { conversation_id: s.conversation })).id,
  'conversations.items.list': async (c, s) => listed(c.conversations.items.list(s.conversation, { limit: 1 }), s.item),
  'conversations.items.delete': async (c, s) => (await c.conversations.items.delete(s.item, { conversation_id: s.conversation })).id,
  'conversations.delete': async (c, s) => {
    await c.responses.create({ model, input: 'In a conversation', conversation: s.conversation });
    return (await c.conversations.delete(s.conversation)).deleted;
  },

  'images.generate': async (c) => {
    assert.equal((await c.images.generate({ model: 'gpt-image-1', prompt: 'x', n: 2 })).data.length, 2);
    return (await all(c.images.generate({ model: 'gpt-image-1', prompt: 'x', stream: true, partial_images: 2 }))).map((e) => e.type);
  },
  'images.edit': async (c) => {
    assert.ok((await c.images.edit({ model: 'gpt-image-1', prompt: 'x', image: await image() })).data[0].b64_json);
    assert.ok((await c.images.edit({ image: [await image(), await image()], prompt: 'x', model: 'gpt-image-1' })).data[0].b64_json);
    return (await all(c.images.edit({ image: await image(), prompt: 'x', model: 'gpt-image-1', stream: true }))).map((e) => e.type);
  },
  'images.createVariation': async (c) => (await c.images.createVariation({ image: await image(), model: 'gpt-image-1' })).data.length,
  'audio.speech.create': async (c) => {
    const body = { model: 'gpt-audio', voice: 'alloy', input: 'Say this.' };
    assert.equal((await bytes(c.audio.speech.create(body))).length, 8192);
    return (await bytes(c.audio.speech.create({ ...body, stream_format: 'sse' }))).toString().slice(0, 25);
  },
  'audio.transcriptions.create': async (c) => {
    const say = async (more) => c.audio.transcriptions.create({ file: await sound(), model: 'gpt-audio', ...more });
    assert.ok((await say({})).text);
    assert.ok(await say({ response_format: 'text' }));
    assert.equal((await say({ response_format: 'verbose_json' })).duration, 2.5);
    return (await all(say({ stream: true }))).map((e) => e.type);
  },
  'audio.translations.create': async (c) => (await c.audio.translations.create({ model: 'gpt-audio', file: await sound() })).text,
  'moderations.create': async (c) => (await c.moderations.create({ model: 'gpt-moderation', input: ['a', 'b'] })).results.length,

  'fineTuning.jobs.create': async (c, s) => (s.job = (await c.fineTuning.jobs.create({ model, training_file: s.file })).id),
  'fineTuning.jobs.retrieve': async (c, s) => (await c.fineTuning.jobs.retrieve(s.job)).id,
  'fineTuning.jobs.list': async (c, s) => listed(c.fineTuning.jobs.list(two), s.job),
  'fineTuning.jobs.pause': async (c, s) => (await c.fineTuning.jobs.pause(s.job)).status,
  'fineTuning.jobs.resume': async (c, s) => (await c.fineTuning.jobs.resume(s.job)).status,
  'fineTuning.jobs.listEvents': async (c, s) => listed(c.fineTuning.jobs.listEvents(s.job)),
  'fineTuning.jobs.checkpoints.list': async (c, s) => listed(c.fineTuning.jobs.checkpoints.list(s.job)),
  'fineTuning.jobs.cancel': async (c, s) => (await c.fineTuning.jobs.cancel(s.job)).status,
  'fineTuning.checkpoints.permissions.create': async (c, s) =>
    ([s.permission] = await listed(c.fineTuning.checkpoints.permissions.create('ft:gpt-4o:sim', { project_ids: ['proj_1'] }))),
  'fineTuning.checkpoints.permissions.retrieve': async (c) => (await c.fineTuning.checkpoints.permissions.retrieve('ft:gpt-4o:sim')).data.length,
  'fineTuning.checkpoints.permissions.list': async (c, s) => listed(c.fineTuning.checkpoints.permissions.list('ft:gpt-4o:sim'), s.permission),
  'fineTuning.checkpoints.permissions.delete': async (c, s) =>
    (await c.fineTuning.checkpoints.permissions.delete(s.permission, { fine_tuned_model_checkpoint: 'ft:gpt-4o:sim' })).deleted,
  'fineTuning.alpha.graders.run': async (c) =>
    (await c.fineTuning.alpha.graders.run({ grader: { type: 'string_check', name: 'g', input: 'a', reference: 'a', operation: 'eq' }, model_sample: 'a' })).reward,
  'fineTuning.alpha.graders.validate': async (c) =>
    (await c.fineTuning.alpha.graders.validate({ grader: { type: 'string_check', name: 'g', input: 'a', reference: 'a', operation: 'eq' } })).grader.name,

  'vectorStores.create': async (c, s) => (s.store = (await c.vectorStores.create({ name: 'store' })).id),
  'vectorStores.retrieve': async (c, s) => (await c.vectorStores.retrieve(s.store)).id,
  'vectorStores.update': async (c, s) => assert.equal((await c.vectorStores.update(s.store, { name: 'other' })).name, 'other'),
  'vectorStores.list': async (c, s) => listed(c.vectorStores.list(two), s.store),
  'vectorStores.files.create': async (c, s) => (await c.vectorStores.files.create(s.store, { file_id: s.file })).id,
  'vectorStores.files.createAndPoll': async (c, s) => (await c.vectorStores.files.createAndPoll(s.store, { file_id: s.file })).status,
  'vectorStores.files.poll': async (c, s) => (await c.vectorStores.files.poll(s.store, s.file)).status,
  'vectorStores.files.upload': async (c, s) => (await c.vectorStores.files.upload(s.store, await file())).id,
  'vectorStores.files.uploadAndPoll': async (c, s) => (await c.vectorStores.files.uploadAndPoll(s.store, await file())).id,
  'vectorStores.files.retrieve': async (c, s) => (await c.vectorStores.files.retrieve(s.file, { vector_store_id: s.store })).id,
  'vectorStores.files.update': async (c, s) =>
    (await c.vectorStores.files.update(s.file, { vector_store_id: s.store, attributes: { a: 1 } })).attributes,
  'vectorStores.files.list': async (c, s) => listed(c.vectorStores.files.list(s.store, two), s.file),
  'vectorStores.files.content': async (c, s) => (await c.vectorStores.files.content(s.file, { vector_store_id: s.store })).data[0].text,
  'vectorStores.search': async (c, s) => (await c.vectorStores.search(s.store, { query: 'lines' })).data[0].filename,
  'vectorStores.fileBatches.create': async (c, s) => (s.stored = (await c.vectorStores.fileBatches.create(s.store, { file_ids: [s.file] })).id),
  'vectorStores.fileBatches.createAndPoll': async (c, s) => (await c.vectorStores.fileBatches.createAndPoll(s.store, { file_ids: [s.file] })).status,
  'vectorStores.fileBatches.poll': async (c, s) => (await c.vectorStores.fileBatches.poll(s.store, s.stored)).status,
  'vectorStores.fileBatches.uploadAndPoll': async (c, s) => (await c.vectorStores.fileBatches.uploadAndPoll(s.store, { files: [await file()] })).status,
  'vectorStores.fileBatches.retrieve': async (c, s) => (await c.vectorStores.fileBatches.retrieve(s.stored, { vector_store_id: s.store })).id,
  'vectorStores.fileBatches.listFiles': async (c, s) => listed(c.vectorStores.fileBatches.listFiles(s.stored, { vector_store_id: s.store }), s.file),
  'vectorStores.fileBatches.cancel': async (c, s) => (await c.vectorStores.fileBatches.cancel(s.stored, { vector_store_id: s.store })).status,
  'vectorStores.files.delete': async (c, s) => (await c.vectorStores.files.delete(s.file, { vector_store_id: s.store })).deleted,
  'vectorStores.delete': async (c, s) => {
    assert.ok((await c.vectorStores.delete(s.store)).deleted);
    await assert.rejects(c.vectorStores.retrieve(s.store), { status: 404 });
  },

  'evals.create': async (c, s) => {
    const criterion = { type: 'string_check', name: 'match', input: '{{sample.output_text}}', reference: 'x', operation: 'eq' };
    const made = await c.evals.create({ name: 'e', data_source_config: { type: 'custom', item_schema: {} }, testing_criteria: [criterion] });
    s.eval = made.id;
  },
  'evals.retrieve': async (c, s) => (await c.evals.retrieve(s.eval)).id,
  'evals.update': async (c, s) => assert.equal((await c.evals.update(s.eval, { name: 'f' })).name, 'f'),
  'evals.list': async (c, s) => listed(c.evals.list(two), s.eval),
  'evals.runs.create': async (c, s) => {
    const source = { type: 'jsonl', source: { type: 'file_id', id: s.file } };
    return (s.run = (await c.evals.runs.create(s.eval, { name: 'r', data_source: source })).id);
  },
  'evals.runs.retrieve': async (c, s) => (await c.evals.runs.retrieve(s.run, { eval_id: s.eval })).status,
  'evals.runs.list': async (c, s) => listed(c.evals.runs.list(s.eval), s.run),
  'evals.runs.outputItems.list': async (c, s) => ([s.output] = await listed(c.evals.runs.outputItems.list(s.run, { eval_id: s.eval }))),
  'evals.runs.outputItems.retrieve': async (c, s) => (await c.evals.runs.outputItems.retrieve(s.output, { eval_id: s.eval, run_id: s.run })).status,
  'evals.runs.cancel': async (c, s) => (await c.evals.runs.cancel(s.run, { eval_id: s.eval })).status,
  'evals.runs.delete': async (c, s) => (await c.evals.runs.delete(s.run, { eval_id: s.eval })).deleted,
  'evals.delete': async (c, s) => (await c.evals.delete(s.eval)).deleted,

  'containers.create': async (c, s) => (s.container = (await c.containers.create({ name: 'box' })).id),
  'containers.retrieve': async (c, s) => (await c.containers.retrieve(s.container)).status,
  'containers.list': async (c, s) => listed(c.containers.list(two), s.container),
  'containers.files.create': async (c, s) => {
    assert.ok((await c.containers.files.create(s.container, { file_id: s.file })).id);
    return (s.boxed = (await c.containers.files.create(s.container, { file: await file() })).id);
  },
  'containers.files.retrieve': async (c, s) => (await c.containers.files.retrieve(s.boxed, { container_id: s.container })).path,
  'containers.files.list': async (c, s) => listed(c.containers.files.list(s.container), s.boxed),
  'containers.files.content.retrieve': async (c, s) =>
    assert.equal((await bytes(c.containers.files.content.retrieve(s.boxed, { container_id: s.container }))).toString(), text),
  'containers.files.delete': async (c, s) => c.containers.files.delete(s.boxed, { container_id: s.container }),
  'containers.delete': async (c, s) => c.containers.delete(s.container),

  'realtime.clientSecrets.create': async (c) => (await c.realtime.clientSecrets.create({ session: { type: 'realtime', model: 'gpt-realtime' } })).value.slice(0, 3),

  'videos.create': async (c, s) => (s.video = (await c.videos.create({ model: 'gpt-video', prompt: 'x' })).id),
  'videos.retrieve': async (c, s) => (await c.videos.retrieve(s.video)).status,
  'videos.list': async (c, s) => listed(c.videos.list(two), s.video),
  'videos.downloadContent': async (c, s) => (await bytes(c.videos.downloadContent(s.video))).length,
  'videos.remix': async (c, s) => assert.equal((await c.videos.remix(s.video, { prompt: 'y' })).remixed_from_video_id, s.video),
  'videos.edit': async (c, s) => (await c.videos.edit({ prompt: 'y', video: { id: s.video } })).id,
  'videos.extend': async (c, s) => (await c.videos.extend({ prompt: 'y', seconds: '4', video: { id: s.video } })).id,
  'videos.createCharacter': async (c, s) => (s.character = (await c.videos.createCharacter({ name: 'n', video: await file('x', 'v.mp4', 'video/mp4') })).id),
  'videos.getCharacter': async (c, s) => (await c.videos.getCharacter(s.character)).name,
  'videos.delete': async (c, s) => (await c.videos.delete(s.video)).deleted,
};

/** Methods that list objects whoever has made them. */
export const lists = ['chat.completions', 'files', 'batches', 'fineTuning.jobs', 'vectorStores', 'evals', 'containers', 'videos'].map(
  (resource) => `${resource}.list`,
);

/** Methods that send nothing to a provider of themselves, or nothing that a gateway passes on. */
export const local = {
  'models.delete': 'a gateway answers for models itself, and deletes none',
  'webhooks.unwrap': 'checks a signature',
  'webhooks.verifySignature': 'checks a signature',
};
