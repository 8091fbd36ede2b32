package io.costoptimal.gateway.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine of one connection, as a table: what happens, and what is written and closed because of it. */
class Http1ConnectionTest {

    private static final String GET = "GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n";
    private static final String POST = "POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n";
    private static final String BIG = "POST /v1/responses HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n";
    private static final String CHUNKED =
            "POST /v1/responses HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static final int MUCH = 90_000;
    private static final Duration WRITE_STALL = Timeouts.DEFAULTS.client().writeStall();

    private static final Map<String, Consumer<ClientWire>> STEPS = new HashMap<>();

    static {
        sends("get", GET);
        sends("get1.0", "GET /v1/models HTTP/1.0\r\n\r\n");
        sends("get1.0keep", "GET /v1/models HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        sends("getclose", "GET /v1/models HTTP/1.1\r\nHost: h\r\nConnection: x, close\r\n\r\n");
        sends("nosuch", "GET /nosuch HTTP/1.1\r\nHost: h\r\n\r\n");
        sends("nosuchpost", "POST /nosuch HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n");
        sends("nosuchbig", "POST /nosuch HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000\r\n\r\n");
        sends("nosuchchunked", "POST /nosuch HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        sends("nosuchexpect", "POST /nosuch HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        sends("part", "GET /v1/mod");
        sends("crlf", "\r\n");
        sends("malformed", "GET /v1/models HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n");
        sends("post", POST + "\r\n");
        sends("post1.0expect", POST.replace("1.1", "1.0") + "Expect: 100-continue\r\n\r\n");
        sends("expect", POST + "Expect: 100-continue\r\n\r\n");
        sends("big", BIG);
        sends("ab", "ab");
        sends("cd", "cd");
        sends("chunked", CHUNKED);
        sends("chunk", "2\r\nab\r\n");
        sends("badchunk", "2\r\nabc\r\n");
        sends("endchunk", "0\r\n\r\n");
        sends("flood", "x".repeat(Limits.DEFAULTS.client().lingerBytes() + 1));

        step("answer", side -> side.stage.answer());
        step("begin", side -> side.stage.begin(false));
        step("sized", side -> side.stage.begin(true));
        step("closeall", side -> side.pipeline().close());
        step("netty", side -> side.unsafe().close(side.newPromise()));
        step("more", side -> side.stage.write("ok"));
        step("complete", side -> side.runner.finish(Outcome.COMPLETED));
        step("truncate", side -> side.runner.finish(Outcome.TRUNCATED));
        step("proceed", side -> side.client.askForBody());
        step("hold", side -> side.client.holdBody());
        step("resume", side -> side.client.resumeBody());
        step("401", side -> side.runner.refuse(Rejection.of(401, null, "no")));
        step("404", side -> side.runner.refuse(Rejection.unknownModel("m")));
        step("500", side -> side.runner.refuse(Rejection.internal()));
        step("throw", side -> side.pipeline().fireExceptionCaught(new IllegalStateException("a stage's defect")));
        step("ioerror", side -> side.pipeline().fireExceptionCaught(new java.io.IOException("reset by peer")));
        step("502", side -> {
            side.stage
                    .exchange()
                    .attemptFailed(new UpstreamFailure(
                            UpstreamFailure.Phase.CONNECT, UpstreamFailure.Kind.CONNECT_ERROR, "refused"));
            side.runner.refuse(Rejection.of(502, null, "no"));
        });
        step("drain", side -> side.pipeline().fireUserEventTriggered(Shutdown.DRAIN));
        step("abort", side -> side.pipeline().fireUserEventTriggered(Shutdown.ABORT));
        step("remove", side -> side.pipeline().remove(Http1Connection.class));
        step("leave", ClientWire::leave);
        for (int seconds : new int[] {1, 2, 9, 10, 29, 30, 59, 60, 74, 75}) {
            step(seconds + "s", side -> side.pass(Duration.ofSeconds(seconds)));
        }
    }

    private static void sends(String word, String bytes) {
        step(word, side -> side.send(bytes));
    }

    private static void step(String word, Consumer<ClientWire> action) {
        STEPS.put(word, action);
    }

    private final ClientWire side = ClientWire.withStage();

    @AfterEach
    void everyExchangeEndedOnceAndNothingIsLeft() {
        side.checkException();
        side.finishAndReleaseAll();
        assertThat(side.ended).doesNotHaveDuplicates().allMatch(report -> report.outcome() != null);
        assertThat(side.stage.exchanges).allMatch(exchange -> side.ended.contains(exchange));
        assertThat(side.pass(Duration.ofDays(1)).runScheduledPendingTasks())
                .as("no timer outlives its connection (trap 53)")
                .isEqualTo(-1);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        # keep-alive and persistence
        get answer                          | 200 bytes COMPLETED
        get answer get answer               | 200 bytes COMPLETED 200 bytes COMPLETED
        crlf get answer                     | 200 bytes COMPLETED
        getclose answer                     | 200+close bytes COMPLETED shut
        getclose answer get                 | 200+close bytes COMPLETED shut
        getclose get answer                 | 200+close bytes COMPLETED shut
        get1.0 answer                       | 200+close bytes COMPLETED shut
        get1.0keep answer get1.0 answer     | 200 bytes COMPLETED 200+close bytes COMPLETED shut
        post ab cd answer get answer        | 200 bytes COMPLETED 200 bytes COMPLETED
        chunked chunk endchunk answer get answer | 200 bytes COMPLETED 200 bytes COMPLETED
        # pipelining: the second waits for the first
        get get                             | ''
        get get answer                      | 200 bytes COMPLETED
        get get answer answer               | 200 bytes COMPLETED 200 bytes COMPLETED
        get malformed answer                | 200 bytes COMPLETED 400+close REJECTED shut
        get part answer 10s                 | 200 bytes COMPLETED 408+close REJECTED shut
        # refusals: those that leave the framing sound keep the connection
        nosuch get answer                   | 404 REJECTED 200 bytes COMPLETED
        nosuchpost ab cd get answer         | 404 REJECTED 200 bytes COMPLETED
        nosuchpost ab 2s                    | 404 REJECTED reset
        nosuchbig                           | 404+close REJECTED shut
        nosuchchunked                       | 404+close REJECTED shut
        nosuchexpect                        | 404+close REJECTED shut
        malformed get                       | 400+close REJECTED shut
        post ab cd 404 get answer           | 404 REJECTED 200 bytes COMPLETED
        post ab cd 401                      | 401+close REJECTED shut
        post ab cd 500 get answer           | 500 GATEWAY_ERROR 200 bytes COMPLETED
        post ab cd throw get answer         | 500 GATEWAY_ERROR 200 bytes COMPLETED
        post ab cd 502 get answer           | 502 UPSTREAM_FAILED 200 bytes COMPLETED
        get1.0keep 404 get1.0keep answer    | 404+keep REJECTED 200 bytes COMPLETED
        chunked chunk badchunk              | 400+close REJECTED shut
        # one answer each (trap 25)
        post 401 401                        | 401+close REJECTED shut
        post ab cd 404 500                  | 404 REJECTED closed
        # lingering close: the refusal is readable, what still comes is dropped (traps 37 to 39)
        post 401 ab cd get                  | 401+close REJECTED shut
        big 401 leave                       | 401+close REJECTED shut left
        big 401 2s                          | 401+close REJECTED shut closed
        big 401 1s ab 1s                    | 401+close REJECTED shut closed
        big 401 flood                       | 401+close REJECTED shut reset
        # expectations (trap 50)
        expect proceed ab cd answer         | 100 200 bytes COMPLETED
        expect 401                          | 401+close REJECTED shut
        post1.0expect proceed ab cd answer  | 200+close bytes COMPLETED shut
        # a stage waits: the body is held back, and its deadlines rest
        post hold ab cd resume answer get answer | 200 bytes COMPLETED 200 bytes COMPLETED
        chunked hold chunk endchunk resume answer | 200 bytes COMPLETED
        chunked chunk hold chunk endchunk get resume answer answer | 200 bytes COMPLETED 200 bytes COMPLETED
        post hold 75s 75s resume ab cd answer | 200 bytes COMPLETED
        post 29s hold resume 29s            | ''
        post 29s hold resume 30s            | 408+close REJECTED shut
        post hold ab 75s cd 75s             | ''
        post hold ab cd resume resume answer | 200 bytes COMPLETED
        post hold ab cd 401 get             | 401+close REJECTED shut
        post hold ab cd 404 get answer      | 404 REJECTED 200 bytes COMPLETED
        post hold 404 ab cd get answer      | 404 REJECTED 200 bytes COMPLETED
        post hold 404 resume ab cd get answer | 404 REJECTED 200 bytes COMPLETED
        big hold 404 flood                  | 404+close REJECTED shut reset
        post hold ab leave                  | left CLIENT_CANCELLED
        post hold ab abort                  | reset TRUNCATED
        post hold drain ab cd resume answer | 200+close bytes COMPLETED shut
        expect hold ab resume proceed cd answer | 100 200 bytes COMPLETED
        post1.0expect hold ab cd resume answer | 200+close bytes COMPLETED shut
        chunked hold badchunk resume        | 400+close REJECTED shut
        chunked hold chunk endchunk 404 get | 404+close REJECTED shut
        post hold ab cd get drain resume answer | 200+close bytes COMPLETED shut
        post hold ab drain abort            | reset TRUNCATED
        post hold ab ioerror                | closed CLIENT_CANCELLED
        post hold ab remove                 | CLIENT_CANCELLED
        post hold throw ab cd get answer    | 500 GATEWAY_ERROR 200 bytes COMPLETED
        # broken off (trap 22)
        get begin truncate                  | 200 TRUNCATED
        get begin truncate 2s               | 200 TRUNCATED reset
        get begin more truncate get 2s      | 200 bytes TRUNCATED reset
        get begin throw 2s                  | 200 GATEWAY_ERROR reset
        get begin closeall                  | 200 reset CLIENT_CANCELLED
        get begin ioerror                   | 200 reset CLIENT_CANCELLED
        get begin truncate closeall         | 200 TRUNCATED reset
        get begin truncate ioerror          | 200 TRUNCATED reset
        get begin truncate netty            | 200 TRUNCATED reset
        get truncate 2s                     | TRUNCATED reset
        # where the framing tells, nothing that was relayed is destroyed
        get sized truncate                  | 200 TRUNCATED shut
        get sized more truncate get 2s      | 200 bytes TRUNCATED shut closed
        get sized throw                     | 200 GATEWAY_ERROR shut
        get sized leave                     | 200 left CLIENT_CANCELLED
        # the client leaves
        leave                               | left
        part leave                          | left
        post ab leave                       | left CLIENT_CANCELLED
        get leave                           | left CLIENT_CANCELLED
        get begin leave                     | 200 left CLIENT_CANCELLED
        get get leave                       | left CLIENT_CANCELLED
        get answer leave                    | 200 bytes COMPLETED left
        post ab remove                      | CLIENT_CANCELLED
        get ioerror                         | closed CLIENT_CANCELLED
        ioerror                             | closed
        throw                               | closed
        # deadlines (trap 49)
        9s                                  | ''
        10s                                 | closed
        part 9s                             | ''
        part 10s                            | 408+close REJECTED shut
        9s part 9s                          | ''
        9s part 10s                         | 408+close REJECTED shut
        crlf 10s                            | closed
        post 9s ab 29s                      | ''
        post 9s ab 30s                      | 408+close REJECTED shut
        post 29s ab                         | 408+close REJECTED shut
        post 30s                            | 408+close REJECTED shut
        chunked chunk 30s                   | 408+close REJECTED shut
        get 75s 75s answer                  | 200 bytes COMPLETED
        get begin 75s 75s more complete     | 200 bytes COMPLETED
        get answer 74s                      | 200 bytes COMPLETED
        get answer 75s                      | 200 bytes COMPLETED closed
        get answer 74s part 9s              | 200 bytes COMPLETED
        get answer 74s part 10s             | 200 bytes COMPLETED 408+close REJECTED shut
        get answer 74s get 60s answer 74s   | 200 bytes COMPLETED 200 bytes COMPLETED
        # draining (trap 41)
        drain                               | shut
        drain leave                         | shut left
        drain 2s                            | shut closed
        get answer drain                    | 200 bytes COMPLETED shut
        get drain answer                    | 200+close bytes COMPLETED shut
        get begin drain more complete       | 200 bytes COMPLETED shut
        get get drain answer                | 200+close bytes COMPLETED shut
        post ab drain cd answer             | 200+close bytes COMPLETED shut
        drain get                           | shut
        # a shutdown that waits no longer
        abort                               | reset
        part abort                          | reset
        post ab abort                       | reset TRUNCATED
        get begin abort                     | 200 reset TRUNCATED
        get answer drain abort              | 200 bytes COMPLETED shut reset
        nosuchpost drain ab cd              | 404 REJECTED shut
        """)
    void followsTheTable(String events, String story) {
        for (String event : events.split(" +")) {
            STEPS.get(event).accept(side);
            side.runPendingTasks();
        }

        assertThat(side.story()).isEqualTo(story);
    }

    @Test
    void headBeganBeforeDrainIsStillAnswered() {
        side.send("GET /v1/mod");
        side.pipeline().fireUserEventTriggered(Shutdown.DRAIN);
        side.send("els HTTP/1.1\r\nHost: h\r\n\r\n");
        side.stage.answer();

        assertThat(side.story()).isEqualTo("200+close bytes COMPLETED shut");
    }

    @Test
    void passesABodyThatCameWithItsHeadOnlyWhenTheStageHasDoneWaiting() {
        side.stage.onHead = () -> side.client.holdBody();
        side.send(POST + "\r\nabcd" + GET);
        side.runPendingTasks();
        assertThat(side.stage.wholeRequests).isZero();
        assertThat(side.stage.exchange().requestBytes()).isZero();

        side.client.resumeBody();
        side.runPendingTasks();

        assertThat(side.stage.bodies).hasToString("abcd");
        assertThat(side.stage.wholeRequests).isEqualTo(1);
        assertThat(side.stage.exchanges).as("the next waits for the answer").hasSize(1);
        side.stage.answer();
        side.runPendingTasks();
        assertThat(side.stage.exchanges).hasSize(2);
    }

    @Test
    void dropsABodyThatWasHeldBackWhenItsExchangeIsRefused() {
        side.stage.onHead = () -> side.client.holdBody();
        side.send(POST + "\r\nabcd");
        side.stage.onHead = () -> {};
        side.send(GET);
        side.runner.refuse(Rejection.unknownModel("m"));
        side.runPendingTasks();
        side.stage.answer();

        assertThat(side.story()).isEqualTo("404 REJECTED 200 bytes COMPLETED");
        assertThat(side.stage.bodies).isEmpty();
    }

    @Test
    void readsNoMoreOfABodyThatIsHeldBackThanIsKeptOfRequestsToCome() {
        side.send(BIG);
        side.client.holdBody();
        side.send("x".repeat(10_000)).send("x".repeat(10_000));
        assertThat(side.config().isAutoRead()).isFalse();
        assertThat(side.stage.exchange().requestBytes()).isZero();

        side.client.resumeBody();
        side.runPendingTasks();

        assertThat(side.config().isAutoRead()).isTrue();
        assertThat(side.stage.exchange().requestBytes()).isEqualTo(20_000);
    }

    @Test
    void passesNoneOfABodyThatWasHeldBackOnceItsClientHasLeft() {
        side.send(POST + "\r\n");
        side.client.holdBody();
        side.send("abcd");
        side.client.resumeBody();
        side.unsafe().close(side.newPromise());
        side.runPendingTasks();

        assertThat(side.stage.bodies).isEmpty();
        assertThat(side.story()).isEqualTo("closed CLIENT_CANCELLED");
    }

    @Test
    void anIdleConnectionKeepsNothingOfItsLastExchange() {
        side.send(GET);
        side.stage.answer();

        assertThat(side.client.exchange()).isNull();
        assertThat(side.runner.exchange()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 3000, 40_000})
    void servesTheSameRequestsHoweverTheBytesAreCutAndStagesWait(int most) {
        String large = "x".repeat(20_000);
        String[] bodies = {"", "abcd", "efg", large};
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder sent = new StringBuilder();
            StringBuilder expected = new StringBuilder();
            int count = most == 1 ? 3 : 8;
            for (int i = 0; i < count; i++) {
                int which = random.nextInt(most == 1 ? 3 : 4);
                sent.append(request(which, large));
                expected.append(bodies[which]);
            }

            Waits client = new Waits(random);
            client.send(sent.toString(), most, 0);
            client.wire.leave();

            assertThat(client.wire.answers()).as("seed " + seed).isEqualTo(count);
            assertThat(client.wire.stage.bodies.toString()).as("seed " + seed).isEqualTo(expected.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"drain", "abort", "leave", "ioerror", "remove", "401", "404", "throw"})
    void endsEveryExchangeOnceWheneverItsConnectionEnds(String event) {
        String sent =
                request(1, "") + request(2, "") + request(0, "") + request(3, "x".repeat(20_000)) + request(1, "");
        for (int seed = 0; seed < 100; seed++) {
            Waits client = new Waits(new SplittableRandom(seed));
            client.send(sent, 3000, sent.length() / (1 + seed % 10));
            STEPS.get(event).accept(client.wire);
            client.goOn();
            client.wire.leave();
            client.goOn();

            assertThat(client.wire.ended).as("seed " + seed).doesNotHaveDuplicates();
            assertThat(client.wire.stage.exchanges).allMatch(client.wire.ended::contains);
            client.wire.pass(Duration.ofDays(1));
            assertThat(client.wire.runScheduledPendingTasks()).isEqualTo(-1);
        }
    }

    private static String request(int which, String large) {
        return switch (which) {
            case 0 -> GET;
            case 1 -> POST + "\r\nabcd";
            case 2 -> CHUNKED + "2\r\nef\r\n1\r\ng\r\n0\r\n\r\n";
            default -> POST.replace("4\r\n", "20000\r\n\r\n") + large;
        };
    }

    /** A client that sends while it is read, and a stage that waits, with or without the body held back, for as long as it likes. */
    private static final class Waits {

        final ClientWire wire = ClientWire.withStage();
        private final List<Runnable> later = new ArrayList<>();
        private final SplittableRandom random;

        Waits(SplittableRandom random) {
            this.random = random;
            wire.stage.onHead = () -> {
                if (random.nextBoolean()) {
                    wire.client.holdBody();
                    later.add(() -> wire.client.resumeBody());
                }
            };
            wire.stage.onWholeRequest = () -> later.add(() -> {
                if (wire.client.exchange() == wire.stage.exchange()) {
                    wire.stage.answer();
                }
            });
        }

        /** Sends {@code bytes} and has the stage do what it likes, until all is done but for {@code unsent} bytes. */
        void send(String bytes, int most, int unsent) {
            int end = bytes.length() - unsent;
            int at = 0;
            while (at < end || unsent == 0 && !later.isEmpty()) {
                if (!later.isEmpty() && random.nextBoolean()) {
                    later.remove(0).run();
                } else if (at < end && wire.config().isAutoRead()) {
                    int next = Math.min(end, at + 1 + random.nextInt(most));
                    wire.send(bytes.substring(at, next));
                    at = next;
                } else {
                    assertThat(later).as("stuck at " + at).isNotEmpty();
                }
                wire.runPendingTasks();
            }
        }

        void goOn() {
            while (!later.isEmpty()) {
                later.remove(0).run();
                wire.runPendingTasks();
            }
        }
    }

    /** The first of two writes fails at once, and with it the connection and the exchange, before the second is made. */
    @Test
    void letsGoOfAnAnswerWhoseFirstWriteBreaksTheConnection() {
        side.send(GET);
        side.stage.exchange().authenticated(null);
        ResponseHead head = new ResponseHead(8192);
        ByteBuf read = Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n", US_ASCII);
        head.read(read, side.alloc());
        side.stage.exchange().answering(200);
        breaksAtTheFirstWrite();
        ByteBuf body = Unpooled.buffer(9000).writeZero(9000);

        side.client.begin(head, ClientSide.Ending.LENGTH, body);

        assertThat(body.refCnt()).isZero();
        assertThat(side.story()).isEqualTo("200 reset CLIENT_CANCELLED");
        head.clear();
        read.release();
    }

    @Test
    void endsAnExchangeOnceThoughItsAnswerBreaksTheConnection() {
        side.send(GET);
        breaksAtTheFirstWrite();

        side.runner.answer(new LocalAnswer(200, "text/plain", new byte[0]));

        assertThat(side.story()).isEqualTo("200 closed CLIENT_CANCELLED");
    }

    private void breaksAtTheFirstWrite() {
        side.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
                ctx.pipeline().remove(this);
                ctx.write(msg, promise);
                side.pipeline().fireExceptionCaught(new IOException("reset by peer"));
            }
        });
    }

    /** Faults A12: three good ones, a malformed one, and one that must never run. */
    @Test
    void answersPipelinedRequestsInOrderAndStopsAtTheMalformedOne() {
        side.stage.onWholeRequest = side.stage::answer;
        side.send(POST + "\r\none." + GET + POST + "\r\ntwo." + "GET /v1/models HTTP/1.1\r\nHost : h\r\n\r\n" + POST
                + "\r\nnot.");

        assertThat(side.story())
                .isEqualTo("200 bytes COMPLETED 200 bytes COMPLETED 200 bytes COMPLETED 400+close REJECTED shut");
        assertThat(side.stage.bodies).hasToString("one.two.");
    }

    /** Trap 27. */
    @Test
    void holdsBackManyPipelinedRequestsAndServesThemAll() {
        int requests = 2000;
        side.send(GET);
        for (int i = 1; i < requests; i++) {
            side.send(GET);
        }
        assertThat(side.stage.exchanges).hasSize(1);
        assertThat(side.config().isAutoRead()).as("reads on beyond the bound").isFalse();

        for (int i = 0; i < requests; i++) {
            side.stage.answer();
            side.runPendingTasks();
        }
        assertThat(side.answers()).isEqualTo(requests);
        assertThat(side.config().isAutoRead()).isTrue();
    }

    @Test
    void doesNotNestPipelinedExchangesInEachOther() {
        side.stage.onWholeRequest = side.stage::answer;
        side.send(GET.repeat(20_000));

        assertThat(side.answers()).isEqualTo(20_000);
    }

    @Test
    void takesTheNextRequestOnlyWhenTheClientHasTakenItsAnswers() {
        muchIsQueued();
        assertThat(side.stage.exchanges).hasSize(1);

        side.takes(2 * MUCH);

        assertThat(side.stage.exchanges).hasSize(2);
    }

    @Test
    void givesUpAClientThatTakesNoneOfItsAnswers() {
        muchIsQueued();
        side.pass(WRITE_STALL);

        assertThat(side.story()).isEqualTo("200 bytes COMPLETED reset");
        assertThat(side.stage.exchanges).hasSize(1);
    }

    @Test
    void givesUpAClientThatTakesAByteOfItsAnswersNowAndThenAfterTenPeriods() {
        muchIsQueued();
        for (int period = 0; period < 10; period++) {
            side.takes(1).pass(WRITE_STALL);
        }
        assertThat(side.story()).isEqualTo("200 bytes COMPLETED");

        side.takes(1).pass(WRITE_STALL);

        assertThat(side.story()).isEqualTo("200 bytes COMPLETED reset");
        assertThat(side.stage.exchanges).hasSize(1);
    }

    @Test
    void givesUpAClientThatTakesAByteOfARefusalNowAndThenAfterTenPeriods() {
        side.slow().send("GET /v1/models HTTP/1.1\r\nHost: h\r\nno colon\r\n\r\n");
        for (int period = 0; period < 10; period++) {
            side.takes(1).pass(WRITE_STALL);
        }
        assertThat(side.story()).isEqualTo("400+close REJECTED");

        side.takes(1).pass(WRITE_STALL);

        assertThat(side.story()).isEqualTo("400+close REJECTED reset");
    }

    /** Two requests, and an answer to the first that is more than the connection takes before it is unwritable. */
    private void muchIsQueued() {
        side.slow().send(GET + GET);
        side.stage.begin(false);
        side.stage.write("x".repeat(MUCH));
        side.runner.finish(Outcome.COMPLETED);
    }

    @Test
    void cutsOffABodyThatTricklesAlthoughNeverIdle() {
        side.send(BIG);
        for (int second = 0; second < 12 && side.answers() == 0; second++) {
            side.send("x".repeat(100)).pass(Duration.ofSeconds(1));
        }

        assertThat(side.story()).isEqualTo("408+close REJECTED shut");
    }

    @Test
    void letsASteadyBodyTakeItsTime() {
        side.send(BIG);
        for (int second = 0; second < 120; second++) {
            side.send("x".repeat(2000)).pass(Duration.ofSeconds(1));
        }

        assertThat(side.story()).isEmpty();
        assertThat(side.stage.exchange().requestBytes()).isEqualTo(240_000);
    }

    /** Trap 58. */
    @Test
    void servesOnWhenTheListenerThrows() {
        side.listener = report -> {
            throw new IllegalStateException("a listener's defect");
        };
        side.send(GET);
        side.stage.answer();
        side.send(GET);
        side.stage.answer();
        side.listener = side.ended::add;
        side.ended.addAll(side.stage.exchanges);

        assertThat(side.story()).isEqualTo("200 bytes COMPLETED 200 bytes COMPLETED");
    }

    @Test
    void reportsARefusedHeadLikeAnyOtherExchange() {
        side.send("\u0001\u0002GET / HTTP/1.1\r\n\r\n");

        assertThat(side.ended).hasSize(1);
        assertThat(side.ended.get(0).status()).isEqualTo(400);
        assertThat(side.ended.get(0).path()).isEqualTo("-");
        assertThat(side.ended.get(0).target().operation()).isNull();
    }

    @Test
    void writesRefusalsInTheShapeOfTheClientsApi() {
        side.send("POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        side.runner.refuse(Rejection.unknownModel("m\"\r\n"));
        String id = side.ended.get(0).id();

        assertThat(side.written.toString())
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("\r\ncontent-type: application/json\r\n")
                .contains("\r\nx-request-id: " + id + "\r\n")
                .contains("\r\nrequest-id: " + id + "\r\n")
                .contains("\r\nx-should-retry: false\r\n")
                .endsWith(
                        "\r\n\r\n{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"The model `m\\\""
                                + "\\r\\n` does not exist or you do not have access to it.\"},\"request_id\":\""
                                + id
                                + "\"}");
    }

    @Test
    void saysWhichMethodsAreAllowedAndWritesNoBodyToHead() {
        side.send("HEAD /v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(side.written.toString())
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nallow: GET, POST\r\n")
                .containsPattern("\r\ncontent-length: [1-9]")
                .endsWith("\r\n\r\n");
    }

    @Test
    void leavesItToTheClientToRepeatWhatMayHelp() {
        side.send(GET);
        side.runner.refuse(Rejection.overloaded("later"));

        assertThat(side.written.toString()).contains("\r\nretry-after: 1\r\n").doesNotContain("x-should-retry");
    }

    @Test
    void datesItsOwnAnswersToTheSecond() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        side.send("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n");

        Matcher date = Pattern.compile("\r\ndate: ([^\r]*)\r\n").matcher(side.written);
        assertThat(date.find()).isTrue();
        assertThat(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.group(1))))
                .isBetween(before, Instant.now());
    }
}
