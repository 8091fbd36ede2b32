// Writes reference.jsonl, the token counts that ReferenceCountsTest compares ours with. The counts come from
// js-tiktoken 1.0.21 (a port of OpenAI's tokenizer with OpenAI's own patterns and ranks) and are checked against
// gpt-tokenizer 4.0.0; neither shares code with what the gateway uses. To run it:
//   npm install js-tiktoken@1.0.21 gpt-tokenizer@4.0.0 && node reference.mjs > reference.jsonl
// A request lists by hand which of its pieces are text and what overhead it has.
import { getEncoding } from "js-tiktoken";
import * as cl100k from "gpt-tokenizer/encoding/cl100k_base";
import * as o200k from "gpt-tokenizer/encoding/o200k_base";

const others = { cl100k_base: cl100k, o200k_base: o200k };

function count(name, encoding, text) {
  const n = encoding.encode(text, [], []).length;
  const other = others[name].encode(text, { disallowedSpecial: new Set() }).length;
  if (n !== other) {
    throw new Error(`${name} ${JSON.stringify(text)}: ${n} and ${other}`);
  }
  return n;
}

const texts = [
  "",
  " ",
  "\n\n\n",
  "a",
  "tiktoken is great!",
  "antidisestablishmentarianism",
  "2 + 2 = 4",
  "お誕生日おめでとう",
  "hello world",
  "'rer it's WE'LL I'd DON'T",
  "today\n  \n",
  "  leading and trailing  ",
  "tabs\tand\r\nline\rends\n\n  \n x",
  "The quick brown fox jumps over the lazy dog. She sells sea-shells; he doesn't!",
  "public static int add(int a, int b) {\n    return a + b; // sum\n}\n",
  "SELECT id, name FROM users WHERE created_at > '2026-01-01' ORDER BY id DESC LIMIT 10;",
  "https://example.com/a/b?c=d&e=%20f#frag //comment\n///\n",
  "1234567890 3.14159 1,000,000 0xDEADBEEF ½ ² Ⅷ ٣٤٥",
  "deadbeef0123456789abcdef00ff11ee22dd33cc44bb55aa",
  "aGVsbG8gd29ybGQsIHRoaXMgaXMgYmFzZTY0IQ==",
  "我们今天去公园散步，然后吃了一顿很好的晚饭。",
  "Съешь же ещё этих мягких французских булок, да выпей чаю.",
  "عاشت الأسماك في البحر ١٢٣",
  "किसी भी भाषा में लिखें",
  "안녕하세요, 만나서 반갑습니다!",
  "👍🏽 family: 👨‍👩‍👧‍👦 flags: 🇩🇪🇯🇵 🚀🚀🚀",
  "café cafe\u0301 naïve Straße ǅ İstanbul ſ",
  "<|endoftext|> <|im_start|>user",
  "===== ----- ***** !!!!! ????? ((([[[{{{",
  "camelCaseAndPascalCase HTTPServer snake_case_name kebab-case XMLHttpRequest2",
  "zero\u200bwidth\u00a0nbsp\u3000ideographic\u2028line\u0085nel",
  '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}',
];

const company = [
  ["system", null, "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."],
  ["user", "ana", "Let us circle back on the low-hanging fruit before the offsite."],
  ["assistant", "bot", "Let us talk again about the easy tasks before the meeting."],
  ["user", null, "We need more bandwidth."],
];
const weather = '{"type": "object",\n  "properties": {"city": {"type": "string", "description": "Name of a city"}}}';

const requests = [
  {
    endpoint: "CHAT_COMPLETIONS",
    body: JSON.stringify({ messages: [{ role: "user", content: "Hello, how are you?" }] }),
    pieces: ["user", "Hello, how are you?"],
    overhead: 3 + 3,
  },
  {
    endpoint: "CHAT_COMPLETIONS",
    body: JSON.stringify({
      messages: company.map(([role, name, content]) => (name ? { role, name, content } : { role, content })),
      temperature: 0,
    }),
    pieces: company.flat().filter((piece) => piece !== null),
    overhead: 4 * 3 + 2 + 3,
  },
  {
    endpoint: "CHAT_COMPLETIONS",
    body: JSON.stringify({
      messages: [
        {
          content: [
            { text: "What is in this picture?", type: "text" },
            { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=", detail: "high" } },
            { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
            { type: "file", file: { filename: "a.pdf", file_data: "JVBERi0=" } },
            { type: "text", text: "Answer in German.", cache_control: { type: "ephemeral" } },
          ],
          role: "user",
        },
      ],
    }),
    pieces: ["What is in this picture?", "Answer in German.", "user"],
    overhead: 3 + 3,
  },
  {
    endpoint: "CHAT_COMPLETIONS",
    body:
      '{"tools":[{"type":"function","function":{"name":"get_weather","description":"Current weather.","strict":true,"parameters":' +
      weather +
      '}},{"type":"custom","custom":{"name":"grep","description":"Search"}}],"tool_choice":"auto","messages":[' +
      '{"role":"user","content":"Weather in Lyon?"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",' +
      '"function":{"name":"get_weather","arguments":"{\\"city\\":\\"Lyon\\"}"}},{"id":"call_2","type":"custom","custom":{"name":"grep","input":"rain"}}]},' +
      '{"role":"tool","tool_call_id":"call_1","content":"18 degrees"},{"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"none"}]}]}',
    pieces: [
      "get_weather", "Current weather.", weather, "grep", "Search",
      "user", "Weather in Lyon?",
      "assistant", "get_weather", '{"city":"Lyon"}', "grep", "rain",
      "tool", "18 degrees", "tool", "none",
    ],
    overhead: 4 * 3 + 3,
  },
  {
    endpoint: "CHAT_COMPLETIONS",
    body:
      '{"functions":[{"name":"f","description":"does f","parameters":{}}],"response_format":{"type":"json_schema","json_schema":' +
      '{"name":"out","description":"The answer","schema":' + weather + ',"strict":true}},"messages":[{"role":"assistant","refusal":"I cannot.",' +
      '"function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"done"}]}',
    pieces: ["f", "does f", "{}", "out", "The answer", weather, "assistant", "I cannot.", "f", "{}", "function", "f", "done"],
    overhead: 2 * 3 + 1 + 3,
  },
  {
    endpoint: "RESPONSES",
    body: JSON.stringify({ input: "Tell me a joke.", instructions: "Be brief." }),
    pieces: ["Tell me a joke.", "Be brief."],
    overhead: 4 + 4 + 3,
  },
  {
    endpoint: "RESPONSES",
    body:
      '{"tools":[{"type":"function","name":"get_weather","description":"Current weather.","parameters":' + weather + ',"strict":true},' +
      '{"type":"web_search"}],"input":[{"role":"user","content":[{"type":"input_text","text":"Weather in Lyon?"},' +
      '{"type":"input_image","image_url":"data:image/png;base64,iVBORw0KGgo=","detail":"auto"},{"type":"input_file","file_data":"JVBERi0=","filename":"a.pdf"}]},' +
      '{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Need the tool."}],"encrypted_content":"gAAAAABo"},' +
      '{"type":"function_call","call_id":"c1","name":"get_weather","arguments":"{\\"city\\":\\"Lyon\\"}"},' +
      '{"type":"function_call_output","call_id":"c1","output":"18 degrees"},' +
      '{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It is 18 degrees.","annotations":[{"type":"url_citation","title":"W"}]},{"type":"refusal","refusal":"No more."}]}],' +
      '"text":{"format":{"type":"json_schema","name":"out","schema":{"type":"object"}}}}',
    pieces: [
      "get_weather", "Current weather.", weather,
      "user", "Weather in Lyon?", "Need the tool.", "get_weather", '{"city":"Lyon"}', "18 degrees",
      "assistant", "It is 18 degrees.", "No more.", "out", '{"type":"object"}',
    ],
    overhead: 5 * 3 + 3,
  },
  {
    endpoint: "RESPONSES_INPUT_TOKENS",
    body: JSON.stringify({
      input: [
        { type: "file_search_call", id: "fs_1", status: "completed", queries: ["tax rules", "2026"], results: null },
        { type: "custom_tool_call", call_id: "c2", name: "grep", input: "rain" },
        { type: "custom_tool_call_output", call_id: "c2", output: [{ type: "input_text", text: "nothing found" }] },
        { type: "item_reference", id: "msg_1" },
      ],
    }),
    pieces: ["tax rules", "2026", "grep", "rain", "nothing found"],
    overhead: 4 * 3 + 3,
  },
  {
    endpoint: "MESSAGES",
    body: JSON.stringify({
      max_tokens: 100,
      system: "You are a scientist",
      messages: [{ role: "user", content: "Hello, Claude" }],
    }),
    pieces: ["You are a scientist", "user", "Hello, Claude"],
    overhead: 3 + 3,
  },
  {
    endpoint: "MESSAGES_COUNT_TOKENS",
    body:
      '{"system":[{"type":"text","text":"Use tools.","cache_control":{"type":"ephemeral"}}],"tools":[{"name":"get_weather","description":"Current weather.",' +
      '"input_schema":' + weather + '}],"messages":[{"role":"user","content":[{"type":"text","text":"Weather in Lyon?"},' +
      '{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},' +
      '{"type":"document","title":"Notes","context":"old","source":{"type":"text","media_type":"text/plain","data":"It rains\\noften."}},' +
      '{"type":"document","source":{"data":"Data first.","media_type":"text/plain","type":"text"}},' +
      '{"type":"document","source":{"data":"JVBERi0=","media_type":"application/pdf","type":"base64"}},' +
      '{"type":"document","source":{"type":"content","content":[{"type":"text","text":"nested"}]}}]},' +
      '{"role":"assistant","content":[{"type":"thinking","thinking":"Call it.","signature":"EqoB"},{"type":"redacted_thinking","data":"EmwK"},' +
      '{"type":"tool_use","id":"toolu_1","name":"get_weather","input":{"city": "Lyon"}}]},' +
      '{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"18 degrees"}],"is_error":false},' +
      '{"type":"tool_result","tool_use_id":"toolu_2","content":"plain"},' +
      '{"type":"search_result","title":"Climate","source":"https://example.com/c","content":[{"type":"text","text":"mild"}]}]}]}',
    pieces: [
      "Use tools.", "get_weather", "Current weather.", weather,
      "user", "Weather in Lyon?", "Notes", "old", "It rains\noften.", "Data first.", "nested",
      "assistant", "Call it.", "get_weather", '{"city": "Lyon"}',
      "user", "18 degrees", "plain", "Climate", "https://example.com/c", "mild",
    ],
    overhead: 3 * 3 + 3,
  },
  {
    endpoint: "MESSAGES",
    body: JSON.stringify({
      messages: [
        {
          role: "assistant",
          content: [
            { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "lyon" } },
            {
              type: "web_search_tool_result",
              tool_use_id: "srvtoolu_1",
              content: [{ type: "web_search_result", title: "Lyon", url: "https://example.com", encrypted_content: "EqgB" }],
            },
          ],
        },
      ],
      output_config: { format: { type: "json_schema", schema: { type: "object" } } },
    }),
    pieces: ["assistant", "web_search", '{"query":"lyon"}', "Lyon", '{"type":"object"}'],
    overhead: 3 + 3,
  },
  {
    endpoint: "EMBEDDINGS",
    body: JSON.stringify({ input: ["The food was delicious", "and the waiter kind."], encoding_format: "base64" }),
    pieces: ["The food was delicious", "and the waiter kind."],
    overhead: 0,
  },
  { endpoint: "EMBEDDINGS", body: JSON.stringify({ input: [[1, 2, 3], [400]] }), pieces: [], overhead: 4 },
  {
    endpoint: "COMPLETIONS",
    body: JSON.stringify({ prompt: "Once upon a time", suffix: " the end.", stop: ["\n"] }),
    pieces: ["Once upon a time", " the end."],
    overhead: 0,
  },
];

const encodings = ["cl100k_base", "o200k_base"].map((name) => [name, getEncoding(name)]);
for (const text of texts) {
  const counts = encodings.map(([name, encoding]) => [name, count(name, encoding, text)]);
  console.log(JSON.stringify({ text, ...Object.fromEntries(counts) }));
}
for (const { endpoint, body, pieces, overhead } of requests) {
  JSON.parse(body);
  const sum = (name, encoding) => pieces.reduce((n, piece) => n + count(name, encoding, piece), overhead);
  const counts = encodings.map(([name, encoding]) => [name, sum(name, encoding)]);
  console.log(JSON.stringify({ endpoint, body, ...Object.fromEntries(counts) }));
}
