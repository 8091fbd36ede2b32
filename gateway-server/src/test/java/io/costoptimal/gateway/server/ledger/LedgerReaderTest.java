package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.server.journal.Exchanges;
import io.costoptimal.gateway.server.journal.Journal;
import io.costoptimal.gateway.server.journal.TestLane;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every attempt that the journal tells of, or has lost, is a row in the queue or counted. */
class LedgerReaderTest {

    private static final Candidate CANDIDATE = Exchanges.candidate("a");

    private final Drops drops = new Drops();
    private final TestLane lane = new TestLane();

    private RowQueue queue(int rows) {
        return new RowQueue(new RowQueue.Limits(rows, 1L << 40));
    }

    private static Exchange ended(int attempts, String cause) {
        Exchange exchange = Exchanges.routed(new Plain(), Choice.ordered(List.of(CANDIDATE)));
        exchange.caller();
        for (int i = 0; i < attempts; i++) {
            exchange.attempt(CANDIDATE);
            exchange.attemptFailed(new UpstreamFailure(Phase.STATUS, Kind.STATUS, cause));
        }
        exchange.end(Outcome.UPSTREAM_FAILED);
        return exchange;
    }

    @Test
    void anAttemptThatFindsNoRoomIsCounted() {
        RowQueue queue = queue(2);
        lane.tell(ended(5, "why"), new LedgerReader(queue, drops));
        assertThat(queue.rows()).isEqualTo(2);
        assertThat(drops.total(Drop.QUEUE_FULL)).isEqualTo(3);
    }

    @Test
    void attemptsBeyondThoseThatTheJournalTellsOfAreCounted() {
        RowQueue queue = queue(10_000);
        lane.tell(ended(2_000, "\u4e16".repeat(300)), new LedgerReader(queue, drops));
        assertThat(queue.rows()).isGreaterThanOrEqualTo(8);
        assertThat(drops.total(Drop.UNTOLD)).isPositive().isEqualTo(2_000 - queue.rows());
    }

    @Test
    void whatTheJournalHasLostIsCountedByAttemptsAndStandsInAGap() {
        LedgerReader reader = new LedgerReader(queue(10), drops);
        Exchange exchange = ended(3, "why");
        reader.lost(exchange, Journal.Loss.FULL);
        reader.lost(ended(2, "why"), Journal.Loss.DEFECT);
        reader.lost(ended(0, "why"), Journal.Loss.FULL);

        assertThat(drops.total(Drop.LANE_FULL)).isEqualTo(3);
        assertThat(drops.total(Drop.DEFECT)).isEqualTo(2);
        assertThat(drops.take()).hasSize(2).anySatisfy(gap -> {
            assertThat(gap.why()).isEqualTo(Drop.LANE_FULL);
            assertThat(gap.count()).isEqualTo(3);
            assertThat(gap.from()).isEqualTo(exchange.startedMillis());
            assertThat(gap.to()).isEqualTo(exchange.startedMillis());
        });
        assertThat(drops.take()).isEmpty();
    }

    @Test
    void attemptsOfWhichNoRowCanBeMadeAreCounted() {
        LedgerReader reader = new LedgerReader(queue(10), drops);
        // A lane that tells no money, which this reader cannot do without.
        TestLane poor = new TestLane();
        assertThatThrownBy(() -> poor.tell(ended(2, "why"), entry -> reader.exchange(entry)))
                .isInstanceOf(NullPointerException.class);
        assertThat(drops.total(Drop.DEFECT)).isEqualTo(2);
    }

    /** A configuration that says nothing. */
    private static final class Plain implements Policy {

        @Override
        public Keys keys() {
            return null;
        }

        @Override
        public Routes routes() {
            return null;
        }
    }
}
