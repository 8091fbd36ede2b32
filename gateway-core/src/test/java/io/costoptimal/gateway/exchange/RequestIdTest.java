package io.costoptimal.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of an id, and that there is nothing in it to guess by. */
class RequestIdTest {

    @Test
    void isWrittenAsItReads() {
        for (int i = 0; i < 300; i++) {
            RequestId id = RequestId.next();
            ByteBuf out = Unpooled.buffer();
            id.writeTo(out);
            assertThat(id.toString())
                    .matches("req_[0-9a-f]{36}")
                    .hasSize(RequestId.LENGTH)
                    .isEqualTo(out.toString(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void tellsWhenItsExchangeHasStarted() {
        for (long millis : new long[] {0, 1, 1_795_000_123_456L, (1L << 48) - 1}) {
            assertThat(RequestId.millis(RequestId.next(millis).toString())).isEqualTo(millis);
        }
    }

    @Test
    void sortsByTheStartOfItsExchange() {
        long millis = 1_795_000_123_456L;
        String earlier = RequestId.next(millis).toString();
        assertThat(earlier).isLessThan(RequestId.next(millis + 1).toString());
        assertThat(earlier).isGreaterThan(RequestId.next(millis - 1).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "req_",
                "req_019a00000000",
                "req_019a0000000000000000000000000000000000000",
                "rEq_019a00000000000000000000000000000000",
                "req_019A00000000000000000000000000000000",
                "req_019a0000000-000000000000000000000000",
                "req_019a0000000١000000000000000000000000"
            })
    void tellsNoTimeOfWhatIsNoIdOfOurs(String id) {
        assertThat(RequestId.millis(id)).isEqualTo(-1);
    }

    @Test
    void hasNinetySixBitsThatVaryOnEveryThread() throws InterruptedException {
        Set<String> seen = new HashSet<>();
        BitSet ones = new BitSet();
        BitSet zeros = new BitSet();
        for (int threads = 0; threads < 4; threads++) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 500; i++) {
                    note(RequestId.next().toString(), seen, ones, zeros);
                }
            });
            thread.start();
            thread.join();
        }
        assertThat(seen).hasSize(2000);
        assertThat(ones.cardinality()).isEqualTo(96);
        assertThat(zeros.cardinality()).isEqualTo(96);
    }

    private static void note(String id, Set<String> seen, BitSet ones, BitSet zeros) {
        seen.add(id);
        for (int bit = 0; bit < 96; bit++) {
            int digit = Character.digit(id.charAt(16 + bit / 4), 16);
            ((digit >> bit % 4 & 1) == 1 ? ones : zeros).set(bit);
        }
    }
}
