package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.splice.Scene.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Back-pressure and flushing: traps 20, 23, 24, 26 and 51. */
class PressureTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

    @Test
    void flushesOncePerReadOfTheProvider() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start().receiveMore(HEAD).receiveMore("1\r\nx\r\n").receiveMore("1\r\ny\r\n");
            assertThat(scene.flushes()).isZero();
            scene.readComplete();
            assertThat(scene.flushes()).isEqualTo(1);
            scene.readComplete();
            assertThat(scene.flushes()).isEqualTo(1);
            scene.receive("0\r\n\r\n");
            assertThat(scene.flushes()).isEqualTo(2);
        }
    }

    @Test
    void aWholeAnswerInOneReadIsOneFlush() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start().receive(HEAD + "0\r\n\r\n");
            assertThat(scene.flushes()).isEqualTo(1);
        }
    }

    @Test
    void doesNotWaitForTheEndOfALongRead() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start().receiveMore("HTTP/1.1 200 OK\r\ncontent-length: 400000\r\n\r\n" + "x".repeat(100_000));
            assertThat(scene.flushes()).isZero();
            scene.receiveMore("x".repeat(100_000));
            assertThat(scene.flushes()).isEqualTo(1);
        }
    }

    @Test
    void whatIsOnlyWrittenIsNoBacklog() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.onFlush = () -> scene.clientTakes(Long.MAX_VALUE);
            scene.slowClient().start();
            scene.receive("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n" + "x".repeat(100_000));
            assertThat(scene.log).doesNotContain("pause");
            assertThat(scene.exchange().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    /** The worst an event loop may do: what was waiting is delivered from within the call that resumes reading. */
    @Test
    void keepsTheOrderWhenResumingDeliversAtOnce() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.slowClient().start().receive(HEAD);
            scene.onResume = () -> scene.receive("4\r\nlast\r\n0\r\n\r\n");
            String big = Integer.toHexString(100_000) + "\r\n" + "x".repeat(100_000) + "\r\n";
            scene.receive(big);
            assertThat(scene.reading()).isFalse();
            scene.clientTakes(Long.MAX_VALUE);
            assertThat(scene.received()).isEqualTo(HEAD + big + "4\r\nlast\r\n0\r\n\r\n");
            assertThat(scene.exchange().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    /** Whatever the order of events, a provider is read exactly while the client can take more, and every answer ends. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverSticksInRandomSchedules(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            play(random);
        }
    }

    private static void play(Random random) {
        StringBuilder answer = new StringBuilder(HEAD);
        for (int chunks = random.nextInt(8); chunks > 0; chunks--) {
            int n = 1 + random.nextInt(60_000);
            answer.append(Integer.toHexString(n)).append("\r\n");
            answer.append(String.valueOf((char) ('a' + chunks)).repeat(n)).append("\r\n");
        }
        answer.append("0\r\n\r\n");
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.slowClient().start();
            int at = 0;
            int steps = 0;
            while (at < answer.length()) {
                assertThat(++steps).as("steps").isLessThan(10_000);
                boolean may = scene.reading() || random.nextInt(10) == 0;
                if (may && random.nextBoolean()) {
                    int end = Math.min(answer.length(), at + 1 + random.nextInt(40_000));
                    String piece = answer.substring(at, end);
                    at = end;
                    if (random.nextBoolean()) {
                        scene.receive(piece);
                    } else {
                        scene.receiveMore(piece);
                    }
                } else {
                    scene.clientTakes(random.nextInt(80_000));
                }
                if (!scene.idle() && at >= HEAD.length()) {
                    assertThat(scene.reading()).isEqualTo(scene.clientIsWritable());
                }
            }
            assertThat(scene.received()).isEqualTo(answer.toString());
            assertThat(scene.exchange().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(scene.log).endsWith("reused", "COMPLETED");
        }
    }
}
