package io.costoptimal.gateway.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.exchange.RequestFacts.Output;
import io.costoptimal.gateway.exchange.RequestFacts.Streaming;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.SharedBody;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.http.Packing;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.RecordingRun;
import io.costoptimal.gateway.testing.Constant;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectStageTest {

    private static final int MAX_BYTES = 100;
    private static final int ROOM = 1 << 20;
    private static final String BODY = "{\"messages\":[],\"model\":\"gpt-4o\",\"stream\":true}";
    private static final Principal CALLER = new Principal("test", Principal.Role.CLIENT);

    private final BodyBudget budget = new BodyBudget(ROOM);
    private final RecordingRun run = new RecordingRun();
    private final InspectStage stage = new InspectStage(new Limits.Body(MAX_BYTES, ROOM, 20), budget);
    private final List<ByteBuf> sent = new ArrayList<>();
    private boolean needContent;

    private record NoRoutes(boolean needContent) implements Routes {

        @Override
        public String resolve(String asked) {
            return asked;
        }

        @Override
        public Decision decide(RoutingFacts facts, TokenSource tokens) {
            throw new AssertionError("nothing is routed here");
        }

        @Override
        public Set<String> countedModels() {
            return Set.of();
        }
    }

    @AfterEach
    void everyBufferIsReleasedAndTheBudgetWhole() {
        assertThat(sent).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
        assertThat(budget.all().held()).isZero();
    }

    @Test
    void passesTheExchangeOnWithFactsAndBody() {
        Exchange exchange = begin(request());
        send(BODY.substring(0, 20));
        assertThat(run.wentOn()).isFalse();
        sendLast(BODY.substring(20));

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.state()).isEqualTo(ExchangeState.INSPECTED);
        assertThat(exchange.facts())
                .isEqualTo(new RequestFacts(
                        new ModelField("gpt-4o", 23, 31),
                        new Streaming(true, new UsageOption(UsageOption.Place.NO_OPTIONS, 1, 1)),
                        Output.NOT_TOLD,
                        Content.UNKNOWN,
                        BODY.length()));
        assertThat(textOf(exchange.body())).isEqualTo(BODY);
        assertThat(budget.all().held()).isEqualTo(BODY.length());
        nothingWritten();

        exchange.end(Outcome.COMPLETED);
        assertThat(budget.all().held()).isZero();
    }

    @Test
    void looksAtTheContentOnlyWhereADecisionMayDependOnIt() {
        needContent = true;
        Exchange looked = begin(request());
        sendLast(BODY);
        looked.end(Outcome.COMPLETED);
        needContent = false;
        Exchange passed = begin(request());
        sendLast(BODY);
        passed.end(Outcome.COMPLETED);

        assertThat(looked.facts().content()).isEqualTo(Content.TEXT);
        assertThat(passed.facts().content()).isEqualTo(Content.UNKNOWN);
    }

    @Test
    void readsOneBodyAfterAnother() {
        for (int i = 0; i < 3; i++) {
            Exchange exchange = begin(request());
            sendLast(BODY);
            assertThat(run.wentOn()).isTrue();
            exchange.end(Outcome.COMPLETED);
        }
    }

    @Test
    void asksForTheBodyOnceTheHeadIsAccepted() {
        HttpRequest request = request();
        request.headers().set("Expect", "100-continue");
        Exchange exchange = begin(request);

        assertThat(run.client.story()).isEqualTo("ask");

        sendLast(BODY);
        assertThat(run.client.story()).isEqualTo("ask");
        exchange.end(Outcome.COMPLETED);
    }

    @Test
    void asksNoHttp10ClientToContinue() {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_0, HttpMethod.POST, "/v1/chat/completions");
        request.headers().set("Expect", "100-continue");

        Exchange exchange = begin(request);

        nothingWritten();
        exchange.end(Outcome.CLIENT_CANCELLED);
    }

    /** Trap 33. */
    @Test
    void refusesAnAnnouncedLengthAboveTheLimitBeforeReading() {
        HttpRequest request = request();
        request.headers().set("Expect", "100-continue").set("Content-Length", MAX_BYTES + 1);
        Exchange exchange = begin(request);

        assertThat(run.refusal().status()).isEqualTo(413);
        nothingWritten();
        refused(exchange);
    }

    @Test
    void acceptsABodyOfExactlyTheLimit() {
        HttpRequest request = request();
        request.headers().set("Content-Length", MAX_BYTES);
        Exchange exchange = begin(request);
        sendLast(BODY + " ".repeat(MAX_BYTES - BODY.length()));

        assertThat(run.wentOn()).isTrue();
        exchange.end(Outcome.COMPLETED);
    }

    /** Trap 33. */
    @Test
    void refusesABodyThatGrowsAboveTheLimit() {
        Exchange exchange = begin(request());
        send(BODY + " ".repeat(MAX_BYTES - BODY.length()));
        nothingWritten();
        send(" ");

        assertThat(run.refusal().status()).isEqualTo(413);
        refused(exchange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "gzip, gzip", "gzip, deflate", "compress", "x", "aws-chunked, zstd"})
    void refusesACodingItCannotUndoAndSaysWhichItCan(String encoding) {
        HttpRequest request = request();
        request.headers().set("Content-Encoding", encoding);
        Exchange exchange = begin(request);

        Rejection rejection = run.refusal();
        assertThat(rejection.status()).isEqualTo(415);
        assertThat(rejection.headers()).containsEntry("accept-encoding", "gzip, deflate, zstd");
        refused(exchange);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '!', textBlock = """
                    application/json                                | true
                    Application/JSON                                | true
                    application/json; charset=utf-8                 | true
                    application/json ;charset="UTF-8"               | true
                    application/json; profile=x; charset=Utf-8      | true
                    application/json;                               | true
                    application/json; charset=utf-16                | false
                    application/json; charset=iso-8859-1            | false
                    application/json; charset=utf-8; CHARSET=utf-16 | false
                    application/jsonl                               | false
                    application/vnd.api+json                        | false
                    application/x-www-form-urlencoded               | false
                    multipart/form-data; boundary=x                 | false
                    text/plain                                      | false
                    ;                                               | false
                    *                                               | false
                    """)
    void acceptsJsonInUtf8Alone(String type, boolean accepted) {
        HttpRequest request = request();
        request.headers().set("Content-Type", type);
        Exchange exchange = begin(request);
        if (accepted) {
            sendLast(BODY);
            assertThat(run.wentOn()).isTrue();
            exchange.end(Outcome.COMPLETED);
        } else {
            assertThat(run.refusal().status()).isEqualTo(415);
            refused(exchange);
        }
    }

    @Test
    void refusesTwoContentTypes() {
        HttpRequest request = request();
        request.headers().add("Content-Type", "application/json").add("Content-Type", "application/json");
        Exchange exchange = begin(request);

        assertThat(run.refusal().status()).isEqualTo(415);
        refused(exchange);
    }

    @Test
    void refusesAtTheFirstByteThatProvesIt() {
        Exchange exchange = begin(request());
        send("{\"model\":\"a\",");
        send("}");

        Rejection rejection = run.refusal();
        assertThat(rejection.status()).isEqualTo(400);
        assertThat(rejection.param()).isNull();
        assertThat(rejection.message())
                .isEqualTo("Invalid JSON in the request body at byte 13: expected a member name.");
        refused(exchange);
    }

    @Test
    void namesTheMemberThatIsWrong() {
        Exchange exchange = begin(request());
        send("{\"stream\":true,\"stream\":");

        assertThat(run.refusal().param()).isEqualTo("stream");
        refused(exchange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "[]", "null", "\"model\"", "{\"model\":\"a\"", "{\"model\":\"a\"}x"})
    void refusesWhatIsNoWholeObject(String body) {
        Exchange exchange = begin(request());
        sendLast(body);

        assertThat(run.refusal().status()).isEqualTo(400);
        refused(exchange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHAT_COMPLETIONS", "COMPLETIONS", "MESSAGES", "MESSAGES_COUNT_TOKENS", "EMBEDDINGS"})
    void refusesABodyWithoutAModel(@ConvertWith(Constant.class) Operation operation) {
        Exchange exchange = begin(request(), new Target(operation, operation.family(), null, null));
        sendLast("{}");

        Rejection rejection = run.refusal();
        assertThat(rejection.status()).isEqualTo(400);
        assertThat(rejection.param()).isEqualTo("model");
        assertThat(rejection.message()).isEqualTo("you must provide a model parameter");
        refused(exchange);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\u0001',
            delimiter = '|',
            value = {"RESPONSES|{}", "RESPONSES|{\"model\":null}", "RESPONSES_INPUT_TOKENS|{}"})
    void leavesItToRoutingWhatBecomesOfABodyThatMayLackTheModel(
            @ConvertWith(Constant.class) Operation operation, String body) {
        Exchange exchange = begin(request(), new Target(operation, operation.family(), null, null));
        sendLast(body);

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.modelAsked()).isNull();
        exchange.end(Outcome.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"model\":\"other\"}", "{\"model\":null}"})
    void takesTheModelOfThePathBeforeThatOfTheBody(String body) {
        Exchange exchange =
                begin(request(), new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, "deployment"));
        sendLast(body);

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.modelAsked()).isEqualTo("deployment");
        exchange.end(Outcome.COMPLETED);
    }

    @Test
    void refusesWhatTheProcessHasNoRoomFor() {
        assertThat(budget.take(ROOM - 10, false)).isTrue();
        Exchange exchange = begin(request());
        send(BODY.substring(0, 10));
        nothingWritten();
        send(BODY.substring(10, 11));

        Rejection rejection = run.refusal();
        assertThat(rejection.status()).isEqualTo(503);
        assertThat(rejection.headers()).containsEntry("retry-after", "1");
        assertThat(budget.all().held()).isEqualTo(ROOM - 10);
        budget.giveBack(ROOM - 10, false);
        refused(exchange);
    }

    @Test
    void dropsWhatComesAfterARefusal() {
        ExchangeRunner runner = runner();
        Exchange exchange = accepted(request(), target());
        runner.run(exchange);
        runner.body(buffer("["), false);
        assertThat(run.client.story()).isEqualTo("400+last end");
        runner.body(buffer(BODY), false);
        runner.body(buffer(BODY), true);

        assertThat(run.client.story()).isEqualTo("400+last end");
        assertThat(exchange.body()).isNull();
        assertThat(budget.all().held()).isZero();
    }

    @Test
    void dropsTheRestOfABodyWhoseExchangeEnded() {
        ExchangeRunner runner = runner();
        runner.run(accepted(request(), target()));
        runner.body(buffer(BODY.substring(0, 10)), false);
        runner.finish(Outcome.TRUNCATED);
        assertThat(budget.all().held()).isZero();
        runner.body(buffer(BODY.substring(10)), true);

        assertThat(run.client.story()).isEqualTo("abort");
    }

    /** Whoever ends it, with another request of the connection still to come. */
    @ParameterizedTest
    @EnumSource
    void letsGoOfTheUnpackerWhenTheExchangeEndsWithinItsBody(Packing packing) {
        Exchange exchange = begin(packedRequest(packing));
        byte[] packed = packing.pack(BODY.getBytes(StandardCharsets.UTF_8));
        stage.body(buffer(Arrays.copyOf(packed, packed.length - 1)), false);
        assertThat(budget.all().held()).isGreaterThan(40 * 1024);

        stage.over(Outcome.REJECTED);
        exchange.end(Outcome.REJECTED);

        assertThat(budget.all().held()).isZero();
        Exchange next = begin(request());
        sendLast(BODY);
        assertThat(run.wentOn()).isTrue();
        next.end(Outcome.COMPLETED);
    }

    /** Heads are cheap to send; what they make the gateway hold has to be counted. */
    @ParameterizedTest
    @EnumSource
    void holdsNoUnpackerBeforeTheBodyComes(Packing packing) {
        budget.take(ROOM, false);
        Exchange exchange = begin(packedRequest(packing));
        stage.body(Unpooled.EMPTY_BUFFER, false);
        nothingWritten();

        stage.body(buffer(packing.pack(new byte[1])), false);

        assertThat(run.refusal().status()).isEqualTo(503);
        budget.giveBack(ROOM, false);
        refused(exchange);
    }

    @ParameterizedTest
    @EnumSource
    void refusesAPackedBodyThatIsEmpty(Packing packing) {
        Exchange exchange = begin(packedRequest(packing));
        sendLast("");

        assertThat(run.refusal().status()).isEqualTo(400);
        refused(exchange);
    }

    private static HttpRequest packedRequest(Packing packing) {
        HttpRequest request = request();
        request.headers().set("Content-Encoding", packing.coding());
        return request;
    }

    @Test
    void releasesAPartialBodyWhenTheClientLeaves() {
        ExchangeRunner runner = runner();
        runner.run(accepted(request(), target()));
        runner.body(buffer(BODY.substring(0, 10)), false);
        assertThat(budget.all().held()).isEqualTo(10);

        runner.finish(Outcome.CLIENT_CANCELLED);

        assertThat(budget.all().held()).isZero();
    }

    private ExchangeRunner runner() {
        return new ExchangeRunner(run.client, List.of(stage), report -> {}, Duration.ofHours(1));
    }

    private static HttpRequest request() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/v1/chat/completions");
    }

    private Exchange begin(HttpRequest request) {
        return begin(request, target());
    }

    private static Target target() {
        return new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null);
    }

    private Exchange begin(HttpRequest request, Target target) {
        Exchange exchange = accepted(request, target);
        stage.enter(exchange, run);
        return exchange;
    }

    private Exchange accepted(HttpRequest request, Target target) {
        Exchange exchange = new Exchange(request, target, new Snapshot(presented -> null, new NoRoutes(needContent)));
        exchange.authenticated(CALLER);
        return exchange;
    }

    private void send(String text) {
        stage.body(buffer(text), false);
    }

    private void sendLast(String text) {
        stage.body(text.isEmpty() ? Unpooled.EMPTY_BUFFER : buffer(text), true);
    }

    private ByteBuf buffer(String text) {
        return buffer(text.getBytes(StandardCharsets.UTF_8));
    }

    private ByteBuf buffer(byte[] bytes) {
        ByteBuf buffer =
                run.client.alloc().directBuffer(bytes.length, bytes.length).writeBytes(bytes);
        sent.add(buffer);
        return buffer;
    }

    private void nothingWritten() {
        assertThat(run.refusals).isEmpty();
        assertThat(run.client.log).isEmpty();
    }

    private static String textOf(HeldBody body) {
        SharedBody shared = body.share();
        try {
            return shared.bytes().toString(StandardCharsets.UTF_8);
        } finally {
            shared.release();
        }
    }

    /** Nothing is held, and the run can end the exchange as it does after a refusal. */
    private void refused(Exchange exchange) {
        stage.over(Outcome.REJECTED);
        assertThat(exchange.body()).isNull();
        assertThat(exchange.state()).isEqualTo(ExchangeState.AUTHENTICATED);
        assertThat(budget.all().held()).isZero();
        exchange.end(Outcome.REJECTED);
        assertThat(run.wentOn()).isFalse();
    }
}
