package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.server.journal.TestLane;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines are gathered and handed on many at a time, whole. */
class AccessLogTest {

    private final List<String> pieces = new ArrayList<>();
    private final AccessLog log = new AccessLog(new LineSink() {
        @Override
        public void lines(ByteBuffer bytes, int lines) {
            String piece = StandardCharsets.ISO_8859_1.decode(bytes).toString();
            assertThat(piece.chars().filter(c -> c == '\n').count()).isEqualTo(lines);
            assertThat(piece).endsWith("\n");
            pieces.add(piece);
        }

        @Override
        public void idle() {
            idle++;
        }
    });
    private int idle;
    private final TestLane lane = new TestLane();
    private final Exchange exchange = EndedExchange.of("/x");

    @Test
    void writesABatchOnceAndNothingForOneWithoutExchanges() {
        lane.tell(exchange, log);
        lane.tell(exchange, log);
        assertThat(pieces).isEmpty();
        log.batchEnd();
        assertThat(idle).isZero();
        log.batchEnd();
        assertThat(pieces).hasSize(1);
        assertThat(idle).isOne();
    }

    @Test
    void writesALargeBatchInPieces() {
        for (int i = 0; i < 3_000; i++) {
            lane.tell(exchange, log);
        }
        assertThat(pieces).isNotEmpty();
        log.batchEnd();
        assertThat(String.join("", pieces).lines())
                .hasSize(3_000)
                .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    @Test
    void aLineThatCannotBeMadeIsCountedAndLeavesNothingBeforeTheNext() {
        long before = LogChannel.ACCESS.lost(LogChannel.Loss.UNWRITABLE);
        assertThatThrownBy(() -> log.exchange(null)).isInstanceOf(NullPointerException.class);
        lane.tell(exchange, log);
        log.batchEnd();
        assertThat(pieces).singleElement().asString().startsWith("{\"time\":\"");
        assertThat(LogChannel.ACCESS.lost(LogChannel.Loss.UNWRITABLE) - before).isEqualTo(1);
    }
}
