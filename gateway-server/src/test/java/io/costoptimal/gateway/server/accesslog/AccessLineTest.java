package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ClientConnection;
import io.costoptimal.gateway.exchange.ClientConnection.Protocol;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.JsonBytes;
import io.costoptimal.gateway.server.journal.TestLane;
import io.costoptimal.gateway.server.journal.Text;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** One exchange, one line of JSON: read back with Jackson, whatever a client has put into it. */
class AccessLineTest {

    private static final String PROVIDER_KEY = "canary-of-the-provider";
    private static final String CLIENT_KEY = "canary-of-the-client";

    @Test
    void tellsTheWholeStoryOfARelayedExchange() throws Exception {
        Exchange exchange = routed("gpt-4o", "/v1/chat/completions?api-version=x");
        exchange.clientAddress("192.0.2.7");
        exchange.request()
                .headers()
                .set("user-agent", "tool/1")
                .set("x-request-id", "mine")
                .set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        exchange.headCame(200);
        exchange.answering(200);
        exchange.addRequestBytes(7);
        exchange.addResponseBytes(9);
        exchange.upstreamRequestId("theirs");
        exchange.usage(new Usage(new Usage.Input(6, 5, -1, -1, -1), new Usage.Output(13, -1, -1)));
        exchange.end(Outcome.COMPLETED);

        String line = line(exchange);
        Map<String, Object> members = parse(line);

        assertThat(members)
                .containsEntry("request_id", exchange.id())
                .containsEntry("upstream_request_id", "theirs")
                .containsEntry("client_address", "192.0.2.7")
                .containsEntry("user_agent", "tool/1")
                .containsEntry("client_request_id", "mine")
                .containsEntry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .containsEntry("key", "team-a")
                .containsEntry("method", "POST")
                .containsEntry("path", "/v1/chat/completions")
                .containsEntry("model", "gpt-4o")
                .containsEntry("rule", "rule 1: Stream")
                .containsEntry("provider", "p-1")
                .containsEntry("model_sent", "gpt-4o-mini")
                .containsEntry("attempts", "1")
                .containsEntry("status", "200")
                .containsEntry("bytes_in", "7")
                .containsEntry("bytes_out", "9")
                .containsEntry("tokens.low", "3")
                .containsEntry("tokens.high", "40")
                .containsEntry("tokens.counted", "false")
                .containsEntry("usage.input", "6")
                .containsEntry("usage.output", "13")
                .containsEntry("usage.cache_read", "5")
                .doesNotContainKeys("usage.cache_write", "usage.cache_write_1h", "usage.reasoning")
                .containsEntry("outcome", "completed");
        assertThat(line).doesNotContain("failures");
        assertThat(members.get("time").toString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Instant.parse(members.get("time").toString())).isEqualTo(exchange.startedAt());
        assertThat(members.get("total_ms").toString()).matches("\\d+\\.\\d{3}");
        assertThat(line).doesNotContain(PROVIDER_KEY).doesNotContain(CLIENT_KEY);
    }

    @Test
    void saysWhatTheConnectionSpeaksUnlessThatIsPlainHttp1() throws Exception {
        Exchange exchange = routed("gpt-4o", "/v1/chat/completions");
        exchange.end(Outcome.COMPLETED);
        assertThat(parse(line(exchange))).doesNotContainKeys("protocol", "tls", "server_name");

        exchange = routed("gpt-4o", "/v1/chat/completions");
        exchange.connection(ClientConnection.HTTP_2);
        exchange.end(Outcome.COMPLETED);
        assertThat(parse(line(exchange))).containsEntry("protocol", "h2").doesNotContainKeys("tls", "server_name");

        exchange = routed("gpt-4o", "/v1/chat/completions");
        exchange.connection(new ClientConnection(Protocol.HTTP_1, "TLSv1.3", "a\"\n.test", null));
        exchange.end(Outcome.COMPLETED);
        assertThat(parse(line(exchange)))
                .containsEntry("protocol", "http/1.1")
                .containsEntry("tls", "TLSv1.3")
                .containsEntry("server_name", "a\"\n.test");

        exchange = routed("gpt-4o", "/v1/chat/completions");
        exchange.connection(new ClientConnection(Protocol.HTTP_2, "TLSv1.2", null, null));
        exchange.end(Outcome.COMPLETED);
        assertThat(parse(line(exchange)))
                .containsEntry("protocol", "h2")
                .containsEntry("tls", "TLSv1.2")
                .doesNotContainKey("server_name");
    }

    @Test
    void namesEveryProviderThatFailedAndWhy() throws Exception {
        Exchange exchange = routed("gpt-4o", "/v1/chat/completions");
        exchange.attemptFailed(new UpstreamFailure(
                UpstreamFailure.Phase.CONNECT, UpstreamFailure.Kind.CONNECT_ERROR, "connection refused"));
        exchange.attempt(candidate("p-2"));
        exchange.headCame(529);
        exchange.attemptFailed(
                new UpstreamFailure(UpstreamFailure.Phase.STATUS, UpstreamFailure.Kind.STATUS, "status 529"));
        exchange.attempt(candidate("p-3"));
        exchange.answering(200);
        exchange.end(Outcome.COMPLETED);

        String line = line(exchange);
        assertThat(line.replaceAll("\\d+\\.\\d{3}", "9.9"))
                .endsWith("\"outcome\":\"completed\",\"failures\":["
                        + "{\"provider\":\"p-1\",\"phase\":\"connect\",\"kind\":\"connect_error\","
                        + "\"cause\":\"connection refused\",\"total_ms\":9.9},"
                        + "{\"provider\":\"p-2\",\"phase\":\"status\",\"kind\":\"status\",\"cause\":\"status 529\","
                        + "\"status\":529,\"first_byte_ms\":9.9,\"total_ms\":9.9}]}");
        assertThat(line).contains("\"provider\":\"p-3\",\"model_sent\":\"gpt-4o-mini\",\"attempts\":3");
    }

    @Test
    void leavesOutWhatIsNotKnownOfARefusedExchange() throws Exception {
        Exchange exchange = accepted("/v1/chat/completions");
        exchange.status(401);
        exchange.end(Outcome.REJECTED);

        assertThat(parse(line(exchange)))
                .containsOnlyKeys(
                        "time",
                        "request_id",
                        "method",
                        "path",
                        "attempts",
                        "status",
                        "bytes_in",
                        "bytes_out",
                        "total_ms",
                        "outcome")
                .containsEntry("outcome", "rejected");
    }

    static Stream<String> hostile() {
        return Stream.of(
                "a\r\n{\"forged\":true}",
                "\"}",
                "\\",
                "\u001b[31mred",
                "\u2028\u2029\u0085\u0000\u007f",
                "\u202egnp.exe",
                "${jndi:ldap://127.0.0.1/x}${env:PATH}",
                "%m%n{}",
                "\ud800 half a pair",
                "模型",
                "");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void whatAClientSaysOfItselfForgesNothing(String said) throws Exception {
        Exchange exchange = accepted("/v1/chat/completions");
        // Past the decoder's checks, which let none of it come this far.
        exchange.request().headers().set("user-agent", said).set("x-request-id", said);
        exchange.end(Outcome.REJECTED);
        String line = line(exchange);

        assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        assertThat(parse(line)).containsEntry("user_agent", said).containsEntry("client_request_id", said);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void staysOneLineOfAsciiJsonThatReadsBackTheSame(String model) throws Exception {
        Exchange exchange = routed(model, "/v1/chat/completions");
        exchange.end(Outcome.CLIENT_CANCELLED);
        String line = line(exchange);

        assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        assertThat(parse(line)).containsEntry("model", model);
    }

    @Test
    void cutsWhatIsTooLong() throws Exception {
        Exchange exchange = routed("m".repeat(1_000_000), "/v1/chat/completions");
        exchange.end(Outcome.CLIENT_CANCELLED);

        assertThat(parse(line(exchange))).containsEntry("model", "m".repeat(Text.MAX_CHARS) + "...");
    }

    @Test
    void formatsTheTimeOfEverySecondAnew() {
        Timestamp timestamp = new Timestamp();

        assertThat(text(timestamp, 7)).isEqualTo("\"1970-01-01T00:00:00.007Z\"");
        assertThat(text(timestamp, 123)).isEqualTo("\"1970-01-01T00:00:00.123Z\"");
        assertThat(text(timestamp, 1_795_334_950_000L)).isEqualTo("\"2026-11-22T08:09:10.000Z\"");
    }

    private static String text(Timestamp timestamp, long epochMillis) {
        JsonBytes out = new JsonBytes(0);
        timestamp.append(epochMillis, out);
        return StandardCharsets.US_ASCII.decode(out.view()).toString();
    }

    private static String line(Exchange exchange) {
        JsonBytes out = new JsonBytes(0);
        AccessLine line = new AccessLine(out);
        TestLane lane = new TestLane();
        lane.tell(exchange, line::append);
        String first = StandardCharsets.ISO_8859_1.decode(out.view()).toString();
        out.clear();
        lane.tell(exchange, line::append);
        assertThat(StandardCharsets.ISO_8859_1.decode(out.view()).toString())
                .as("entry and line are reused")
                .isEqualTo(first);
        assertThat(first).endsWith("}\n");
        return first.substring(0, first.length() - 1);
    }

    private static Exchange accepted(String uri) {
        DefaultHttpRequest request = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.POST,
                uri,
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders());
        request.headers().set("authorization", "Bearer " + CLIENT_KEY);
        Target target = new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null);
        return new Exchange(request, target, null);
    }

    private static Exchange routed(String model, String uri) {
        Exchange exchange = accepted(uri);
        exchange.authenticated(new Principal("team-a", Principal.Role.CLIENT));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField(model, 1, 2), false, -1, false, 7), new HeldBody());
        Candidate candidate = candidate("p-1");
        exchange.routed(new Decision(
                model,
                new Decision.Match(model, "rule 1: Stream"),
                List.of(candidate),
                RetryOn.ALL,
                new Decision.Tokens(3, 40, false)));
        exchange.attempt(candidate);
        return exchange;
    }

    private static Candidate candidate(String provider) {
        return new Candidate(
                new Provider(
                        provider,
                        ProviderKinds.OPENAI,
                        URI.create("http://127.0.0.1:1"),
                        new Provider.Access(PROVIDER_KEY, null, Map.of("x-secret", PROVIDER_KEY)),
                        Duration.ofSeconds(1)),
                "gpt-4o-mini");
    }

    /** All scalar members as strings, nested ones under {@code outer.inner}. */
    private static Map<String, Object> parse(String line) throws Exception {
        Map<String, Object> members = new LinkedHashMap<>();
        try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            String outer = "";
            assertThat(in.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    outer = in.currentName() + ".";
                } else if (token == JsonToken.END_OBJECT) {
                    outer = "";
                } else if (token.isScalarValue()) {
                    assertThat(members.put(outer + in.currentName(), in.getString()))
                            .isNull();
                }
            }
        }
        return members;
    }
}
