package io.costoptimal.gateway.server.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What a client sees of the simulated provider: the public APIs' shapes, and each fault as a socket shows it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedProviderTest {

    private static final String SENTENCE = "This is a simulated answer, the same for every request it gets. ";
    private static final String CHAT = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"m-1\"";
    private static final String TOOLS = """
            ,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object",
            "properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city","days"]}}}],
            "tool_choice":"required"
            """;

    private SimulatedProvider provider;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    void start() throws IOException {
        provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.remembering(4));
    }

    @AfterAll
    void stop() {
        provider.close();
    }

    @Test
    void answersAChatCompletionWithUsage() throws Exception {
        Object body = json(post("/v1/chat/completions", CHAT + "}").body());

        assertThat(at(body, "object")).isEqualTo("chat.completion");
        assertThat(at(body, "model")).isEqualTo("m-1");
        assertThat(at(body, "choices", 0, "message", "content")).isEqualTo(SENTENCE);
        assertThat(at(body, "choices", 0, "finish_reason")).isEqualTo("stop");
        assertThat((int) at(body, "usage", "total_tokens"))
                .isEqualTo((int) at(body, "usage", "prompt_tokens") + (int) at(body, "usage", "completion_tokens"));
    }

    @ParameterizedTest
    @CsvSource({"/v1/chat/completions", "/v1/responses", "/v1/messages"})
    void billsForWhatARequestAsksForAndWritesItInItsBooks(String path) throws Exception {
        String model = "m-1@input-tokens=1000,cached-tokens=200,written-tokens=30,output-tokens=77,reasoning-tokens=7";
        Object usage = at(json(post(path, CHAT.replace("m-1", model) + "}").body()), "usage");

        boolean chat = path.contains("chat");
        boolean messages = path.contains("messages");
        assertThat(at(usage, chat ? "prompt_tokens" : "input_tokens")).isEqualTo(messages ? 770 : 1000);
        assertThat(at(usage, chat ? "completion_tokens" : "output_tokens")).isEqualTo(77);
        Sold sold = provider.books().get(provider.books().size() - 1);
        assertThat(sold.bill()).isEqualTo(new Bill(new Bill.Input(770, 200, 30, 0), new Bill.Output(77, 7), true));
        assertThat(sold.sent()).isEqualTo(new Sold.Sent(true, 8, true));
        assertThat(sold.status()).isEqualTo(200);
    }

    @Test
    void saysInItsBooksHowMuchOfACutStreamWentOut() throws Exception {
        String body = CHAT.replace("m-1", "m-1@fault=reset@3") + ",\"stream\":true}";
        assertThatThrownBy(() -> post("/v1/chat/completions", body)).isInstanceOf(IOException.class);

        Sold sold = provider.books().get(provider.books().size() - 1);
        assertThat(sold.sent()).isEqualTo(new Sold.Sent(true, 3, false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endsAChatStreamWithUsageOnlyWhenAsked(boolean asked) throws Exception {
        String options = asked ? ",\"stream_options\":{\"include_usage\":true}" : "";
        List<Event> events = events(post("/v1/chat/completions", CHAT + options + ",\"stream\":true}")
                .body());

        assertThat(events.get(events.size() - 1).data).isEqualTo("[DONE]");
        List<Object> chunks = events.subList(0, events.size() - 1).stream()
                .map(e -> json(e.data))
                .toList();
        assertThat(chunks).allSatisfy(chunk -> assertThat(at(chunk, "object")).isEqualTo("chat.completion.chunk"));
        StringBuilder text = new StringBuilder();
        chunks.stream()
                .filter(chunk -> at(chunk, "choices", 0, "delta", "content") != null)
                .forEach(chunk -> text.append((String) at(chunk, "choices", 0, "delta", "content")));
        assertThat(text).hasToString(SENTENCE);
        Object last = chunks.get(chunks.size() - 1);
        if (asked) {
            assertThat((List<?>) at(last, "choices")).isEmpty();
            assertThat(at(last, "usage", "total_tokens")).isInstanceOf(Integer.class);
            assertThat(chunks.subList(0, chunks.size() - 1))
                    .allMatch(chunk -> ((Map<?, ?>) chunk).containsKey("usage") && at(chunk, "usage") == null);
        } else {
            assertThat(at(last, "choices", 0, "finish_reason")).isEqualTo("stop");
            assertThat(chunks).noneMatch(chunk -> ((Map<?, ?>) chunk).containsKey("usage"));
        }
    }

    @Test
    void callsTheForcedToolWithTheArgumentsItsSchemaRequires() throws Exception {
        Object body = json(post("/v1/chat/completions", CHAT + TOOLS + "}").body());
        Object call = at(body, "choices", 0, "message", "tool_calls", 0, "function");

        assertThat(at(call, "name")).isEqualTo("weather");
        assertThat(json((String) at(call, "arguments"))).isEqualTo(Map.of("city", "simulated", "days", 1));
        assertThat(at(body, "choices", 0, "finish_reason")).isEqualTo("tool_calls");
    }

    @Test
    void streamsToolArgumentsInFragmentsThatJoinToJson() throws Exception {
        List<Event> events = events(
                post("/v1/chat/completions", CHAT + TOOLS + ",\"stream\":true}").body());
        StringBuilder arguments = new StringBuilder();
        for (Event event : events.subList(0, events.size() - 1)) {
            Object fragment = at(json(event.data), "choices", 0, "delta", "tool_calls", 0, "function", "arguments");
            arguments.append(fragment == null ? "" : fragment);
        }
        assertThat(json(arguments.toString())).isEqualTo(Map.of("city", "simulated", "days", 1));
    }

    @Test
    void numbersTheEventsOfAResponsesStreamAndEndsItWithTheWholeResponse() throws Exception {
        String request = "{\"model\":\"m-1\",\"input\":\"hi\",\"store\":false,\"stream\":true}";
        List<Event> events = events(post("/v1/responses", request).body());

        for (int i = 0; i < events.size(); i++) {
            Object data = json(events.get(i).data);
            assertThat(at(data, "sequence_number")).isEqualTo(i);
            assertThat(at(data, "type")).isEqualTo(events.get(i).name);
        }
        assertThat(events.stream().map(Event::name).distinct())
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        Object whole =
                json(post("/v1/responses", request.replace("true", "null")).body());
        Object completed = at(json(events.get(events.size() - 1).data), "response");
        assertThat(completed).isEqualTo(whole);
        assertThat(at(whole, "output", 0, "content", 0, "text")).isEqualTo(SENTENCE);
    }

    @Test
    void streamsAFunctionCallOverTheResponsesApi() throws Exception {
        String tools = ",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{}}]";
        List<Event> events = events(
                post("/v1/responses", "{\"model\":\"m\",\"input\":\"call the tool\",\"stream\":true" + tools + "}")
                        .body());
        Object item = at(json(events.get(events.size() - 1).data), "response", "output", 0);

        assertThat(at(item, "type")).isEqualTo("function_call");
        assertThat(at(item, "name")).isEqualTo("f");
        assertThat(at(item, "arguments")).isEqualTo("{}");
    }

    @Test
    void streamsAnthropicMessagesWithNamedEvents() throws Exception {
        String body = "{\"max_tokens\":9,\"messages\":[],\"model\":\"c\",\"stream\":true}";
        HttpResponse<String> response = post("/v1/messages", body);
        List<Event> events = events(response.body());

        assertThat(response.headers().firstValue("request-id")).isPresent();
        assertThat(events.stream().map(Event::name).distinct())
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "ping",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events)
                .allSatisfy(event -> assertThat(at(json(event.data), "type")).isEqualTo(event.name));
        StringBuilder text = new StringBuilder();
        events.stream()
                .filter(event -> event.name.equals("content_block_delta"))
                .forEach(event -> text.append((String) at(json(event.data), "delta", "text")));
        assertThat(text).hasToString(SENTENCE);
    }

    @Test
    void usesAToolOverAnthropicUntilItsResultIsThere() throws Exception {
        String start =
                "{\"max_tokens\":9,\"model\":\"c\",\"tools\":[{\"name\":\"f\",\"input_schema\":{}}],\"messages\":[";
        Object first = json(post("/v1/messages", start + "{\"role\":\"user\",\"content\":\"call the tool\"}]}")
                .body());
        Object second = json(post(
                        "/v1/messages",
                        start
                                + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":\"call the tool\"}]}]}")
                .body());

        assertThat(at(first, "content", 0, "type")).isEqualTo("tool_use");
        assertThat(at(first, "content", 0, "input")).isEqualTo(Map.of());
        assertThat(at(first, "stop_reason")).isEqualTo("tool_use");
        assertThat(at(second, "content", 0, "text")).isEqualTo(SENTENCE);
        assertThat(at(second, "usage", "input_tokens")).isInstanceOf(Integer.class);
    }

    @Test
    void countsTokensTheSameForTheSameBody() throws Exception {
        String body = "{\"model\":\"m\",\"input\":\"hi\",\"messages\":[]}";
        Object openAi = json(post("/v1/responses/input_tokens", body).body());
        Object anthropic = json(post("/v1/messages/count_tokens", body).body());

        assertThat(at(openAi, "object")).isEqualTo("response.input_tokens");
        assertThat(at(openAi, "input_tokens")).isEqualTo(at(anthropic, "input_tokens"));
    }

    @Test
    void embedsInBase64WithTheSameNumbersAsInFloats() throws Exception {
        String body = "{\"model\":\"e\",\"input\":[\"a\",\"b\"],\"dimensions\":20,\"encoding_format\":\"";
        Object floats = json(post("/v1/embeddings", body + "float\"}").body());
        Object base64 = json(post("/v1/embeddings", body + "base64\"}").body());

        for (int item = 0; item < 2; item++) {
            byte[] vector = Base64.getDecoder().decode((String) at(base64, "data", item, "embedding"));
            ByteBuffer decoded = ByteBuffer.wrap(vector).order(ByteOrder.LITTLE_ENDIAN);
            for (Object component : (List<?>) at(floats, "data", item, "embedding")) {
                assertThat(decoded.getFloat()).isEqualTo(((Number) component).floatValue());
            }
            assertThat(decoded.hasRemaining()).isFalse();
        }
    }

    @Test
    void streamsLegacyCompletions() throws Exception {
        List<Event> events = events(post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"x\",\"stream\":true}")
                .body());

        assertThat(at(json(events.get(0).data), "object")).isEqualTo("text_completion");
        assertThat(at(json(events.get(0).data), "choices", 0, "text")).isEqualTo("This is ");
        assertThat(events.get(events.size() - 1).data).isEqualTo("[DONE]");
    }

    @Test
    void listsModelsInTheShapeTheClientSpeaks() throws Exception {
        Object openAi = json(get("/v1/models").body());
        Object anthropic =
                json(get("/v1/models", "anthropic-version", "2023-06-01").body());

        assertThat(at(openAi, "data", 0))
                .isEqualTo(json(get("/v1/models/sim-large").body()));
        assertThat(at(anthropic, "has_more")).isEqualTo(false);
        assertThat(at(anthropic, "data", 0, "type")).isEqualTo("model");
        assertThat(get("/v1/models/none").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "/openai/deployments/gpt%2D4/chat/completions?api-version=2024-10-21, gpt-4",
        "/openai/v1/chat/completions, m-1"
    })
    void servesAzurePaths(String path, String model) throws Exception {
        assertThat(at(json(post(path, CHAT + "}").body()), "model")).isEqualTo(model);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, 429, rate_limit_exceeded, requests",
        "/v1/chat/completions, 500, , server_error",
        "/v1/chat/completions, quota, insufficient_quota, insufficient_quota",
        "/v1/responses, content_filter, content_filter, invalid_request_error",
        "/v1/messages, 529, , overloaded_error",
        "/v1/messages, 429, , rate_limit_error",
        "/openai/deployments/d/chat/completions, 429, 429, "
    })
    void failsInTheShapeOfTheApi(String path, String fault, String code, String type) throws Exception {
        HttpResponse<String> response = post(path, CHAT + "}", "x-sim-fault", fault);

        assertThat(response.statusCode()).isGreaterThanOrEqualTo(400);
        assertThat(at(json(response.body()), "error", "code")).isEqualTo(code);
        assertThat(at(json(response.body()), "error", "type")).isEqualTo(type);
        assertThat(response.headers().firstValue("retry-after").isPresent())
                .isEqualTo(fault.equals("429") || fault.equals("529"));
    }

    @Test
    void takesItsBehaviourFromTheModelNameToo() throws Exception {
        String body = CHAT.replace("m-1", "m-1@events=2,event-bytes=4") + "}";
        Object answer = json(post("/v1/chat/completions", body).body());

        assertThat(at(answer, "model")).isEqualTo("m-1");
        assertThat(at(answer, "choices", 0, "message", "content")).isEqualTo("This is ");
    }

    @ParameterizedTest
    @CsvSource({"x-sim-interval, soon", "x-sim-events, -1", "x-sim-fault, boom", "x-sim-nothing, 1"})
    void refusesABehaviourItDoesNotKnow(String header, String value) throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", CHAT + "}", header, value);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains(value);
    }

    @Test
    void stampsEachEventWithTheTimeItIsSent() throws Exception {
        long before = System.nanoTime();
        List<Event> events = events(post("/v1/chat/completions", CHAT + ",\"stream\":true}", "x-sim-timestamps", "true")
                .body());
        String text = (String) at(json(events.get(1).data), "choices", 0, "delta", "content");

        assertThat(text).matches("t=\\d{19} This is ");
        assertThat(Long.parseLong(text.substring(2, 21))).isBetween(before, System.nanoTime());
    }

    @ParameterizedTest
    @CsvSource({"true, 0", "true, 1", "true, 7", "false, 0", "false, 5"})
    void sendsTheSamePayloadHoweverItIsCut(boolean stream, int chunk) throws Exception {
        String body = CHAT + ",\"stream\":" + stream + "}";

        assertThat(post("/v1/chat/completions", body, "x-sim-chunk", Integer.toString(chunk))
                        .body())
                .isEqualTo(post("/v1/chat/completions", body).body());
    }

    @Test
    void sendsAnAnswerFarLargerThanItsBuffers() throws Exception {
        String body = CHAT.replace("m-1", "m@events=1024,event-bytes=65536") + "}";
        String answer = post("/v1/chat/completions", body).body();

        assertThat(((String) at(json(answer), "choices", 0, "message", "content")))
                .hasSize(1024 * 65536);
    }

    @ParameterizedTest
    @CsvSource({
        "close, false, ''",
        "malformed, false, HTTP/1.1 OK two hundred",
        "close@0, true, event-stream",
        "close@2, true, a simula",
        "close@1, false, content-length",
        "malformed@1, true, no colon here"
    })
    void breaksOffWhereItIsTold(String fault, boolean stream, String seen) throws Exception {
        String wire = raw("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-sim-fault: " + fault + "\r\n", stream);

        assertThat(wire).contains(seen).doesNotContain("[DONE]").doesNotEndWith("0\r\n\r\n");
        assertThat(fault.equals("close") ? wire : "").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "reset@1"})
    void resetsTheConnection(String fault) {
        String head = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-sim-fault: " + fault + "\r\n";

        assertThatThrownBy(() -> raw(head, true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void sendsAnErrorEventInsteadOfTheRest() throws Exception {
        String chat = post("/v1/chat/completions", CHAT + ",\"stream\":true}", "x-sim-fault", "error@1")
                .body();
        String messages = post("/v1/messages", CHAT + ",\"stream\":true}", "x-sim-fault", "error@1")
                .body();
        String responses = post("/v1/responses", CHAT + ",\"stream\":true}", "x-sim-fault", "error@0")
                .body();

        List<Event> events = events(chat);
        assertThat(at(json(events.get(events.size() - 1).data), "error", "type"))
                .isEqualTo("server_error");
        assertThat(events(messages).get(4).name).isEqualTo("error");
        assertThat(events(responses).get(4).name).isEqualTo("error");
        assertThat(at(json(events(responses).get(4).data), "sequence_number")).isEqualTo(4);
    }

    @Test
    void streamsToAnHttp10ClientUntilTheConnectionEnds() throws Exception {
        String wire = raw("POST /v1/chat/completions HTTP/1.0\r\n", true);

        assertThat(wire).endsWith("data: [DONE]\n\n").doesNotContain("transfer-encoding");
    }

    @Test
    void asksForABodyThatWaits() throws Exception {
        String wire = raw("POST /v1/chat/completions HTTP/1.1\r\nconnection: close\r\nexpect: 100-continue\r\n", false);

        assertThat(wire).startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n");
    }

    @Test
    void remembersHeadsAndBodiesAsTheyCame() throws Exception {
        String body = CHAT.replace("m-1", "m-remembered") + "}";
        post("/v1/chat/completions?a=%20b", body, "X-Odd-Case", "v");
        SeenRequest seen = provider.seen().get(provider.seen().size() - 1);

        assertThat(seen.uri()).isEqualTo("/v1/chat/completions?a=%20b");
        assertThat(seen.headers())
                .anySatisfy(header -> assertThat(header.getKey()).isEqualTo("X-Odd-Case"));
        assertThat(new String(seen.body(), StandardCharsets.UTF_8)).isEqualTo(body);
        assertThat(provider.seen()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void letsInOnlyWhoHasItsToken() throws Exception {
        try (SimulatedProvider guarded = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring("t-1"))) {
            URI uri = guarded.base().resolve("/v1/models");
            for (Map.Entry<String, String> ok : Map.of(
                            "authorization", "Bearer t-1", "x-api-key", "t-1", "api-key", "t-1")
                    .entrySet()) {
                assertThat(send(HttpRequest.newBuilder(uri)
                                        .header(ok.getKey(), ok.getValue())
                                        .build())
                                .statusCode())
                        .isEqualTo(200);
            }
            assertThat(send(HttpRequest.newBuilder(uri)
                                    .header("authorization", "Bearer t-2")
                                    .build())
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void saysWhichAddressItCannotHave() {
        assertThatThrownBy(() -> SimulatedProvider.start(SimulatorSettings.DEFAULTS.onPort(provider.port())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:" + provider.port());
    }

    private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(provider.base() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body));
        return send(
                headers.length == 0 ? request.build() : request.headers(headers).build());
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(provider.base() + path));
        return send(
                headers.length == 0 ? request.build() : request.headers(headers).build());
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Everything the provider sends until it closes. */
    private String raw(String head, boolean stream) throws IOException {
        String body = CHAT + ",\"stream\":" + stream + "}";
        try (Socket socket = new Socket("127.0.0.1", provider.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write((head + "content-length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private record Event(String name, String data) {}

    private static List<Event> events(String stream) {
        assertThat(stream).endsWith("\n\n");
        List<Event> events = new ArrayList<>();
        for (String block : stream.split("\n\n")) {
            String name = null;
            String data = null;
            for (String line : block.split("\n")) {
                name = line.startsWith("event: ") ? line.substring(7) : name;
                data = line.startsWith("data: ") ? line.substring(6) : data;
            }
            events.add(new Event(name, data));
        }
        return events;
    }

    private static Object json(String text) {
        try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            in.nextToken();
            Object value = Json.value(in);
            assertThat(in.nextToken()).as("one value only in %s", text).isNull();
            return value;
        }
    }

    /** Follows member names and indices; {@code null} where the way ends. */
    private static Object at(Object value, Object... path) {
        Object here = value;
        for (Object step : path) {
            here = step instanceof Integer index
                    ? here instanceof List<?> list && index < list.size() ? list.get(index) : null
                    : Json.member(here, (String) step);
        }
        return here;
    }
}
