package io.costoptimal.gateway.server.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.costoptimal.gateway.exchange.ClientConnection;
import io.costoptimal.gateway.exchange.ClientConnection.Protocol;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an event loop writes into its lane, and what is read from it. */
class LaneTest {

    private static final int CAPACITY = 8 * Lane.LONGEST;

    private static final Usage USAGE = new Usage(new Usage.Input(1, 2, 3, 4, 5), new Usage.Output(6, 7, 8));

    private final Lane lane = new Lane(CAPACITY, new Wanted(true, false));
    private final Entry entry = new Entry();
    private final List<String> paths = new ArrayList<>();

    @Test
    void tellsOfExchangesInTheirOrderRoundAndRoundTheRing() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            String path = "/" + i + "/" + "x".repeat(i % 97);
            expected.add(path);
            assertThat(lane.add(Exchanges.ended(path))).isNotEqualTo(Lane.Added.LOST);
            // Whatever the batches are.
            if (i % 7 == 0) {
                read();
            }
        }
        read();

        assertThat(paths).isEqualTo(expected);
        assertThat(lane.used()).isZero();
    }

    @Test
    void losesTheNewestWhenItIsFullAndGoesOnOnceItWasRead() {
        int written = 0;
        while (lane.add(Exchanges.ended("/" + written)) != Lane.Added.LOST) {
            written++;
        }
        lane.add(Exchanges.ended("/also-lost"));
        assertThat(lane.lost(Journal.Loss.FULL)).isEqualTo(2);
        assertThat(lane.used()).isBetween((long) CAPACITY - Lane.LONGEST, (long) CAPACITY);

        read();
        assertThat(paths).hasSize(written).startsWith("/0").endsWith("/" + (written - 1));

        lane.add(Exchanges.ended("/after"));
        read();
        assertThat(paths).endsWith("/after");
        assertThat(lane.lost(Journal.Loss.FULL)).isEqualTo(2);
    }

    @Test
    void saysOnceThatItIsHalfFullUntilItWasLess() {
        for (int round = 0; round < 3; round++) {
            List<Lane.Added> added = new ArrayList<>();
            while (lane.used() < CAPACITY / 2 + 2_000) {
                added.add(lane.add(Exchanges.ended("/x")));
            }

            assertThat(added).containsOnlyOnce(Lane.Added.HALF_FULL).doesNotContain(Lane.Added.LOST);
            read();
        }
    }

    @Test
    void knowsNamesOfConfigurationsThatComeAndGo() {
        for (int i = 0; i < 3 * NameNumbers.MANY; i++) {
            // One of them stays.
            String name = i % 2 == 0 ? "stays" : "configuration " + i;
            Exchange exchange = Exchanges.attempting("/", name);
            exchange.end(Outcome.CLIENT_CANCELLED);
            lane.add(exchange);
            lane.next(entry);
            lane.release();

            assertThat(List.of(entry.key(), entry.modelEntry(), entry.rule(), entry.provider()))
                    .extracting(Name::text)
                    .containsExactly("key " + name, "entry " + name, "rule " + name, "provider " + name);
        }
    }

    @Test
    void repeatsANameAsTheSameObject() {
        for (int i = 0; i < 2; i++) {
            Exchange exchange = Exchanges.attempting("/", "a");
            exchange.end(Outcome.CLIENT_CANCELLED);
            lane.add(exchange);
        }
        lane.next(entry);
        Name first = entry.provider();
        lane.next(entry);

        assertThat(entry.provider()).isSameAs(first);
    }

    @Test
    void anEventLoopAllocatesNothingOnceItKnowsTheNames() {
        Exchange exchange = Exchanges.attempting("/", "a");
        exchange.usage(USAGE);
        exchange.end(Outcome.CLIENT_CANCELLED);
        add(exchange, 1);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        add(exchange, 1_000);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        // Less than one byte each: asking may itself take some.
        assertThat(bytes).isLessThan(1_000);
        read();
        assertThat(paths).hasSize(1_001);
    }

    private void add(Exchange exchange, int times) {
        for (int i = 0; i < times; i++) {
            lane.add(exchange);
        }
    }

    @Test
    void whatCannotBeWrittenDownIsCountedAndSpoilsNothing() {
        Exchange defect = Exchanges.attempting("/", "defect");
        defect.attemptFailed(null);
        defect.end(Outcome.UPSTREAM_FAILED);
        assertThatThrownBy(() -> lane.add(defect)).isInstanceOf(NullPointerException.class);

        Exchange next = Exchanges.attempting("/next", "defect");
        next.end(Outcome.CLIENT_CANCELLED);
        lane.add(next);
        read();

        assertThat(paths).containsExactly("/next");
        assertThat(entry.provider()).hasToString("provider defect");
        assertThat(lane.lost(Journal.Loss.DEFECT)).isOne();
    }

    @Test
    void tellsOfEachConnectionWhateverTheOneBeforeWas() {
        for (ClientConnection connection : List.of(
                new ClientConnection(Protocol.HTTP_2, "TLSv1.3", "a.test", null),
                ClientConnection.HTTP_1,
                new ClientConnection(Protocol.HTTP_1, "TLSv1.2", null, null),
                ClientConnection.HTTP_2)) {
            Exchange exchange = Exchanges.attempting("/", "a");
            exchange.connection(connection);
            exchange.end(Outcome.COMPLETED);
            lane.add(exchange);
            lane.next(entry);
            lane.release();

            assertThat(entry.protocol()).isEqualTo(connection.protocol());
            assertThat(text(entry.tls())).isEqualTo(connection.tls());
            assertThat(text(entry.serverName())).isEqualTo(connection.serverName());
            assertThat(text(entry.path())).isEqualTo("/");
        }
    }

    private static String text(Text text) {
        return text == null ? null : text.toString();
    }

    @Test
    void holdsTheLongestThatThereCanBe() {
        String wide = "\u6a21".repeat(5_000);
        Exchange exchange = Exchanges.attempting("/" + wide, wide);
        exchange.request().headers().set("x-request-id", "r".repeat(5_000)).set("traceparent", "t".repeat(5_000));
        exchange.upstreamRequestId(wide);
        for (int i = 0; i < 1_000; i++) {
            exchange.usage(USAGE);
            exchange.attemptFailed(new UpstreamFailure(UpstreamFailure.Phase.BODY, UpstreamFailure.Kind.CUT_OFF, wide));
            exchange.attempt(Exchanges.candidate(i + wide));
        }
        exchange.end(Outcome.TRUNCATED);
        lane.add(exchange);
        assertThat(lane.used()).isBetween(Lane.LONGEST - 5_000L, (long) Lane.LONGEST);
        lane.next(entry);

        assertThat(entry.path().cut()).isTrue();
        assertThat(entry.path()).hasToString("/" + wide.substring(0, Text.MAX_CHARS - 1));
        assertThat(entry.failures()).hasSizeGreaterThan(20).allSatisfy(failed -> {
            assertThat(failed.failure().cause()).isEqualTo(wide.substring(0, Text.MAX_CHARS));
            assertThat(failed.usage()).isEqualTo(USAGE);
        });
        assertThat(entry.attempts()).isEqualTo(1_001);
    }

    @Test
    void holdsNothingThatAClientSentWhereNobodyWantsIt() {
        Lane counts = new Lane(CAPACITY, new Wanted(false, false));
        counts.add(Exchanges.ended("/secret"));
        counts.next(entry);

        assertThat(entry.path()).isNull();
        assertThat(entry.id()).isNull();
        assertThat(entry.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(entry.operation()).hasToString("/v1/chat/completions");
    }

    @Test
    @Timeout(60)
    void everythingIsReadOrCountedAsLostWhileBothSidesRun() throws Exception {
        int exchanges = 300_000;
        CompletableFuture<Void> loop = CompletableFuture.runAsync(() -> {
            Exchange exchange = Exchanges.ended("/x");
            for (int i = 0; i < exchanges; i++) {
                exchange.addRequestBytes(1);
                lane.add(exchange);
            }
        });
        long told = 0;
        long last = 0;
        boolean over = false;
        while (!over) {
            over = loop.isDone();
            for (long left = lane.readable(); left > 0; told++) {
                left -= lane.next(entry);
                assertThat(entry.requestBytes()).isGreaterThan(last);
                last = entry.requestBytes();
            }
            lane.release();
        }
        loop.get();

        assertThat(told + lane.lost(Journal.Loss.FULL)).isEqualTo(exchanges);
        assertThat(told).isPositive();
    }

    private void read() {
        for (long left = lane.readable(); left > 0; ) {
            left -= lane.next(entry);
            paths.add(entry.path().toString());
        }
        lane.release();
    }
}
