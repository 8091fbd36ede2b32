package io.costoptimal.gateway.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An exchange between its client and two stages, as a table: what happens, and what is called because of it. The log tells of
 * stages ({@code enter1}, {@code body2}, {@code over1:OUTCOME}), of their waits, of the client and of reports.
 */
class ExchangeRunnerTest {

    private static final Duration TOTAL = Duration.ofSeconds(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LoggedClient client = new LoggedClient();
    private final List<ExchangeReport> reports = new ArrayList<>();
    private final List<ByteBuf> pieces = new ArrayList<>();
    private final Probe first = new Probe(1);
    private final Probe second = new Probe(2);
    private final ExchangeRunner runner = new ExchangeRunner(
            client,
            List.of(first, second),
            report -> {
                client.log.add(report.outcome().name());
                reports.add(report);
            },
            TOTAL);
    private final Map<String, Runnable> steps = new HashMap<>();
    private Exchange exchange;

    /** A stage that does what it is told, by default nothing. */
    private final class Probe implements Stage, Awaited<String> {

        final int number;
        Run run;
        Waiting<String> waiting;
        Runnable onEnter = () -> {};
        Runnable onBody = () -> {};
        Runnable onOverdue = () -> {};
        Runnable onOver = () -> {};
        Runnable onDone = () -> {};
        Runnable onCancelled = () -> {};

        Probe(int number) {
            this.number = number;
        }

        @Override
        public void enter(Exchange entered, Run run) {
            this.run = run;
            client.log.add("enter" + number);
            onEnter.run();
        }

        @Override
        public void body(ByteBuf piece, boolean last) {
            client.log.add("body" + number + ":" + piece.toString(StandardCharsets.US_ASCII) + (last ? "." : ""));
            piece.release();
            onBody.run();
        }

        @Override
        public void overdue() {
            onOverdue.run();
        }

        @Override
        public void over(Outcome outcome) {
            client.log.add("over" + number + ":" + outcome);
            onOver.run();
        }

        void await() {
            waiting = new Waiting<>(run, this);
            waiting.start(PATIENCE);
        }

        @Override
        public void done(String result) {
            client.log.add("done:" + result);
            onDone.run();
        }

        @Override
        public void failed(Throwable cause) {
            client.log.add("failed:" + cause.getMessage());
            run.refuse(Rejection.overloaded("no"));
        }

        @Override
        public void timedOut() {
            client.log.add("timed-out");
            run.refuse(Rejection.overloaded("no"));
        }

        @Override
        public void cancelled() {
            client.log.add("cancelled");
            onCancelled.run();
        }
    }

    {
        steps.put("run", () -> runner.run(next()));
        steps.put("refused", () -> runner.refuse(next(), Rejection.unknownModel("m")));
        steps.put("body", () -> body("ab", false));
        steps.put("last", () -> body("cd", true));
        steps.put("next", () -> first.run.next());
        steps.put("401", () -> runner.refuse(Rejection.of(401, null, "no")));
        steps.put("404", () -> runner.refuse(Rejection.unknownModel("m")));
        steps.put("answer", () -> {
            if (runner.exchange() != null) {
                exchange.authenticated(null);
            }
            runner.answer(new LocalAnswer(200, "text/plain", new byte[0]));
        });
        steps.put("answering", () -> {
            exchange.authenticated(null);
            exchange.answering(200);
        });
        steps.put("complete", () -> runner.finish(Outcome.COMPLETED));
        steps.put("truncate", () -> runner.finish(Outcome.TRUNCATED));
        steps.put("leave", () -> runner.finish(Outcome.CLIENT_CANCELLED));
        steps.put("defect", () -> runner.defect(new IllegalStateException("a stage's defect")));
        steps.put("buffers", () -> runner.defect(new OutOfMemoryError("Cannot reserve direct buffer memory")));
        steps.put("wait", () -> first.await());
        steps.put("done", () -> first.waiting.done("x"));
        steps.put("failed", () -> first.waiting.failed(new IllegalStateException("y")));
        steps.put("turn", client::turn);
        steps.put("9s", () -> client.pass(Duration.ofSeconds(9)));
        steps.put("10s", () -> client.pass(PATIENCE));
        steps.put("99s", () -> client.pass(Duration.ofSeconds(99)));
        steps.put("100s", () -> client.pass(TOTAL));
        steps.put("mute", () -> client.failure = new OutOfMemoryError("Cannot reserve direct buffer memory"));
        steps.put("enters-on", () -> first.onEnter = () -> first.run.next());
        steps.put("enters-waiting", () -> first.onEnter = first::await);
        steps.put("enter-throws", () -> first.onEnter = this::defect);
        steps.put("body-throws", () -> first.onBody = this::defect);
        steps.put("over-throws", () -> first.onOver = this::defect);
        steps.put("done-throws", () -> first.onDone = this::defect);
        steps.put("done-goes-on", () -> first.onDone = () -> first.run.next());
        steps.put("cancelled-throws", () -> first.onCancelled = this::defect);
        steps.put("done-waits", () -> first.onDone = first::await);
        steps.put("ends-if-overdue", () -> first.onOverdue = () -> runner.finish(Outcome.TRUNCATED));
    }

    private void defect() {
        throw new IllegalStateException("a stage's defect");
    }

    private Exchange next() {
        DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        exchange = new Exchange(head, new Target(null, ApiFamily.OPENAI, null, null), null);
        return exchange;
    }

    private void body(String text, boolean last) {
        ByteBuf piece = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        pieces.add(piece);
        runner.body(piece, last);
    }

    @AfterEach
    void nothingIsLeft() {
        runner.finish(Outcome.CLIENT_CANCELLED);
        runner.close();
        client.turn();
        assertThat(client.quiet()).as("no timer is left").isTrue();
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
        assertThat(reports).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        # the body goes to the stage at which the exchange stands
        run body next last                  | enter1 body1:ab enter2 body2:cd.
        enters-on run body last             | enter1 enter2 body2:ab body2:cd.
        run body complete last              | enter1 body1:ab over1:COMPLETED COMPLETED end
        # one end, told to the stage, to the report and at last to the client
        run complete                        | enter1 over1:COMPLETED COMPLETED end
        enters-on run truncate              | enter1 enter2 over2:TRUNCATED TRUNCATED abort
        run leave leave complete            | enter1 over1:CLIENT_CANCELLED CLIENT_CANCELLED left
        run complete run complete           | enter1 over1:COMPLETED COMPLETED end enter1 over1:COMPLETED COMPLETED end
        run last complete answer            | enter1 body1:cd. over1:COMPLETED COMPLETED end
        run last answer                     | enter1 body1:cd. 200 over1:LOCAL LOCAL end
        refused                             | 404 REJECTED end
        # one answer each
        run 401                             | enter1 over1:REJECTED 401+last REJECTED end
        run 401 404                         | enter1 over1:REJECTED 401+last REJECTED end abort
        run answering 404                   | enter1 over1:GATEWAY_ERROR GATEWAY_ERROR abort
        run complete next                   | enter1 over1:COMPLETED COMPLETED end
        # whatever throws ends one exchange
        enter-throws run                    | enter1 over1:GATEWAY_ERROR 500 GATEWAY_ERROR end
        body-throws run body                | enter1 body1:ab over1:GATEWAY_ERROR 500 GATEWAY_ERROR end
        over-throws run complete            | enter1 over1:COMPLETED COMPLETED end
        run defect run complete             | enter1 over1:GATEWAY_ERROR 500 GATEWAY_ERROR end enter1 over1:COMPLETED COMPLETED end
        run answering defect                | enter1 over1:GATEWAY_ERROR GATEWAY_ERROR abort
        run buffers                         | enter1 over1:REJECTED 503 REJECTED end
        mute run 404                        | enter1 over1:REJECTED GATEWAY_ERROR abort
        defect                              | abort
        # too late
        run last 99s                        | enter1 body1:cd.
        run last 100s                       | enter1 body1:cd. over1:REJECTED 504 REJECTED end
        run body 100s                       | enter1 body1:ab over1:REJECTED 408+last REJECTED end
        ends-if-overdue run last 100s       | enter1 body1:cd. over1:TRUNCATED TRUNCATED abort
        run last complete 100s              | enter1 body1:cd. over1:COMPLETED COMPLETED end
        # a stage waits: the body is held back until it has gone on
        run wait 9s                         | enter1 hold
        done-goes-on run wait done          | enter1 hold
        done-goes-on run wait done turn body | enter1 hold done:x enter2 resume body2:ab
        done-goes-on enters-waiting run done turn last | enter1 hold done:x enter2 resume body2:cd.
        done-goes-on run last wait done turn | enter1 body1:cd. done:x enter2
        run wait failed turn                | enter1 hold failed:y over1:REJECTED 503 REJECTED end
        run wait 10s                        | enter1 hold timed-out over1:REJECTED 503 REJECTED end
        run wait leave                      | enter1 hold cancelled over1:CLIENT_CANCELLED CLIENT_CANCELLED left
        cancelled-throws run wait leave     | enter1 hold cancelled over1:CLIENT_CANCELLED CLIENT_CANCELLED left
        run wait 404                        | enter1 hold cancelled over1:REJECTED 404 REJECTED end
        done-throws run wait done turn      | enter1 hold done:x over1:GATEWAY_ERROR 500 GATEWAY_ERROR end
        # a wait ends once, and what comes later is dropped
        run wait done done failed turn      | enter1 hold done:x resume
        run wait done turn 10s              | enter1 hold done:x resume
        run wait failed done turn           | enter1 hold failed:y over1:REJECTED 503 REJECTED end
        run wait 10s done turn              | enter1 hold timed-out over1:REJECTED 503 REJECTED end
        run wait done leave turn            | enter1 hold cancelled over1:CLIENT_CANCELLED CLIENT_CANCELLED left
        run wait leave run done turn        | enter1 hold cancelled over1:CLIENT_CANCELLED CLIENT_CANCELLED left enter1
        # one wait may follow another
        done-waits run wait done turn 9s    | enter1 hold done:x hold
        done-waits run wait done turn 10s   | enter1 hold done:x hold timed-out over1:REJECTED 503 REJECTED end
        """)
    void followsTheTable(String events, String story) {
        for (String event : events.split(" +")) {
            steps.get(event).run();
        }

        assertThat(client.story()).isEqualTo(story);
    }

    @Test
    void aRequestThatAStageIsWaitingForIsNotToldToHaveComeTooSlowly() {
        steps.get("run").run();
        new Waiting<>(first.run, first).start(TOTAL.multipliedBy(2));
        client.pass(TOTAL);

        assertThat(client.story()).isEqualTo("enter1 hold cancelled over1:REJECTED 504 REJECTED end");
    }

    @Test
    void aResultIsHandedOverOnTheEventLoopWhateverThreadHasIt() throws Exception {
        steps.get("run").run();
        first.await();
        List<Thread> told = new ArrayList<>();
        first.onDone = () -> told.add(Thread.currentThread());
        Thread other = new Thread(() -> first.waiting.done("x"));
        other.start();
        other.join();
        assertThat(told).isEmpty();

        client.turn();

        assertThat(told).containsExactly(Thread.currentThread());
    }

    @Test
    void whoWorksForAnExchangeIsToldOnAnyThreadThatNobodyWaits() {
        steps.get("run").run();
        first.await();
        assertThat(first.waiting.over()).isFalse();

        runner.finish(Outcome.CLIENT_CANCELLED);

        assertThat(first.waiting.over()).isTrue();
    }

    @Test
    void aListenerThatThrowsHurtsNobody() {
        ExchangeRunner throwing = new ExchangeRunner(client, List.of(first), report -> defect(), TOTAL);
        throwing.run(next());
        throwing.finish(Outcome.COMPLETED);

        assertThat(client.story()).isEqualTo("enter1 over1:COMPLETED end");
        throwing.close();
    }
}
