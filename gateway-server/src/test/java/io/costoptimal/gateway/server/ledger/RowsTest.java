package io.costoptimal.gateway.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Accounted;
import io.costoptimal.gateway.exchange.Accounted.Source;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.Exchanges;
import io.costoptimal.gateway.server.journal.JournalReader;
import io.costoptimal.gateway.server.journal.PerToken;
import io.costoptimal.gateway.server.journal.TestLane;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a row says of an attempt. */
class RowsTest {

    private static final Candidate DEAR = Exchanges.candidate("dear");
    private static final Candidate CHEAP =
            new Candidate(Exchanges.candidate("cheap").provider(), "small");
    private static final Candidate FREE = Exchanges.candidate("no price");

    private final TestLane lane = new TestLane();

    /** Makes rows of what it is told. */
    private static final class Reader implements JournalReader {
        private final List<Row> rows = new ArrayList<>();

        @Override
        public void exchange(Entry entry) {
            Rows.of(entry, rows::add);
        }

        @Override
        public boolean wantsMoney() {
            return true;
        }
    }

    @Test
    void eachAttemptHasARowWithWhatItUsedAndCost() {
        Exchange exchange = routed(new Choice.Cost(10, 40, 20, 7));
        exchange.clientAddress("192.0.2.1");
        exchange.addRequestBytes(77);
        exchange.attempt(DEAR);
        exchange.headCame(429);
        exchange.attemptFailed(new UpstreamFailure(Phase.STATUS, Kind.STATUS, "429"));
        exchange.attempt(CHEAP);
        exchange.headCame(200);
        exchange.upstreamRequestId("theirs");
        exchange.answering(200);
        exchange.addResponseBytes(99);
        Usage usage = new Usage(new Usage.Input(100, 20, 30, 40, 5), new Usage.Output(50, 6, 7));
        exchange.accounted(new Accounted(usage, Source.REPORTED, bytes("{\"a\":1}"), null));
        exchange.end(Outcome.COMPLETED);
        List<Row> rows = told(exchange);

        assertThat(rows).hasSize(2);
        for (Row row : rows) {
            assertThat(row.number(Column.STARTED_AT)).isEqualTo(exchange.startedMillis());
            assertThat(row.text(Column.REQUEST_ID)).isEqualTo(exchange.id());
            assertThat(row.text(Column.KEY)).isEqualTo("team");
            assertThat(row.text(Column.MODEL)).isEqualTo("entry");
            assertThat(row.text(Column.MODEL_ASKED)).isEqualTo("asked");
            assertThat(row.text(Column.OPERATION)).isEqualTo("/v1/chat/completions");
            assertThat(row.number(Column.STREAM)).isOne();
            assertThat(row.text(Column.DECISION)).isEqualTo("expected");
            assertThat(row.text(Column.RULE)).isEqualTo("rule 1: true");
            assertThat(row.number(Column.LOW_NANO_USD)).isEqualTo(10);
            assertThat(row.number(Column.HIGH_NANO_USD)).isEqualTo(40);
            assertThat(row.number(Column.REGRET_NANO_USD)).isEqualTo(7);
            assertThat(row.number(Column.INPUT_LOW)).isEqualTo(1);
            assertThat(row.number(Column.INPUT_HIGH)).isEqualTo(2);
            assertThat(row.number(Column.COUNTED)).isOne();
            assertThat(row.number(Column.REQUEST_BYTES)).isEqualTo(77);
            assertThat(row.has(Column.FIRST_BYTE_MS)).isTrue();
            assertThat(row.has(Column.TOTAL_MS)).isTrue();
            assertThat(row.number(Column.STARTED_AFTER_MS)).isNotNegative();
            for (Column column : Column.ALL) {
                assertThat(row.has(column) || !column.needed())
                        .as(column.word())
                        .isTrue();
            }
        }
        Row failed = rows.get(0);
        assertThat(failed.number(Column.ATTEMPT)).isEqualTo(1);
        assertThat(failed.text(Column.PROVIDER)).isEqualTo("dear");
        assertThat(failed.text(Column.MODEL_SENT)).isEqualTo("asked");
        assertThat(failed.text(Column.OUTCOME)).isEqualTo("failed");
        assertThat(failed.text(Column.FAILURE)).isEqualTo("status");
        assertThat(failed.number(Column.STATUS)).isEqualTo(429);
        assertThat(failed.text(Column.TOKEN_SOURCE)).isEqualTo("none");
        assertThat(failed.has(Column.INPUT_TOKENS)).isFalse();
        assertThat(failed.number(Column.COST_NANO_USD)).isZero();
        assertThat(failed.has(Column.RESPONSE_BYTES)).isFalse();
        assertThat(failed.text(Column.PROVIDER_REQUEST_ID)).isNull();
        Row last = rows.get(1);
        assertThat(last.number(Column.ATTEMPT)).isEqualTo(2);
        assertThat(last.text(Column.PROVIDER)).isEqualTo("cheap");
        assertThat(last.text(Column.MODEL_SENT)).isEqualTo("small");
        assertThat(last.text(Column.OUTCOME)).isEqualTo("completed");
        assertThat(last.text(Column.FAILURE)).isNull();
        assertThat(last.number(Column.STATUS)).isEqualTo(200);
        assertThat(last.text(Column.TOKEN_SOURCE)).isEqualTo("reported");
        assertThat(List.of(
                        last.number(Column.INPUT_TOKENS),
                        last.number(Column.CACHED_INPUT_TOKENS),
                        last.number(Column.CACHE_WRITE_TOKENS),
                        last.number(Column.CACHE_WRITE_1H_TOKENS),
                        last.number(Column.AUDIO_INPUT_TOKENS),
                        last.number(Column.OUTPUT_TOKENS),
                        last.number(Column.REASONING_TOKENS),
                        last.number(Column.AUDIO_OUTPUT_TOKENS)))
                .containsExactly(100L, 20L, 30L, 40L, 5L, 50L, 6L, 7L);
        assertThat(last.number(Column.COST_NANO_USD)).isEqualTo(2 * 150 + 5);
        assertThat(last.number(Column.FIRST_CHOICE_NANO_USD)).isEqualTo(9 * 150 + 5);
        assertThat(last.number(Column.DEAREST_NANO_USD)).isEqualTo(9 * 150 + 5);
        assertThat(last.number(Column.PARTIAL)).isOne();
        assertThat(last.text(Column.PRICE_VERSION)).isEqualTo("per token 2");
        assertThat(last.number(Column.RESPONSE_BYTES)).isEqualTo(99);
        assertThat(last.text(Column.PROVIDER_REQUEST_ID)).isEqualTo("theirs");
        assertThat(last.text(Column.USAGE)).isEqualTo("{\"a\":1}");
    }

    @Test
    void whatIsNotKnownIsAbsentAndNeverZero() {
        Exchange exchange = routed(new Choice.Cost(10, Long.MAX_VALUE, 20, Long.MAX_VALUE));
        exchange.attempt(FREE);
        exchange.end(Outcome.CLIENT_CANCELLED);
        Row row = told(exchange).get(0);

        for (Column column : List.of(
                Column.STATUS,
                Column.INPUT_TOKENS,
                Column.OUTPUT_TOKENS,
                Column.COST_NANO_USD,
                Column.POSSIBLE_NANO_USD,
                Column.HIGH_NANO_USD,
                Column.REGRET_NANO_USD,
                Column.FIRST_BYTE_MS,
                Column.RESPONSE_BYTES,
                Column.USAGE)) {
            assertThat(row.has(column)).as(column.word()).isFalse();
        }
        assertThat(row.text(Column.PRICE_VERSION)).isEqualTo("none");
        assertThat(row.text(Column.OUTCOME)).isEqualTo("cancelled");
        assertThat(row.number(Column.LOW_NANO_USD)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "COMPLETED, completed",
        "CLIENT_CANCELLED, cancelled",
        "TRUNCATED, aborted",
        "GATEWAY_ERROR, aborted",
        "UPSTREAM_FAILED, failed"
    })
    void anAttemptThatDidNotFailEndsAsItsRequestDoes(Outcome outcome, String word) {
        Exchange exchange = routed(null);
        exchange.attempt(CHEAP);
        exchange.end(outcome);
        assertThat(told(exchange))
                .singleElement()
                .satisfies(row -> assertThat(row.text(Column.OUTCOME)).isEqualTo(word));
    }

    @ParameterizedTest
    @CsvSource({
        "CUT_OFF, BODY, cut, cut_off",
        "TIMEOUT, FIRST_BYTE, failed, timeout",
        "CREDENTIAL_REFUSED, STATUS, failed, credential_refused",
        "NO_CREDENTIAL, LEASE, failed, no_credential",
        "CONNECT_ERROR, CONNECT, failed, connect_error"
    })
    void aFailedAttemptSaysOfWhatKindItsFailureWas(Kind kind, Phase phase, String outcome, String failure) {
        Exchange exchange = routed(null);
        exchange.attempt(CHEAP);
        exchange.attemptFailed(new UpstreamFailure(phase, kind, "why"));
        exchange.end(Outcome.UPSTREAM_FAILED);
        Row row = told(exchange).get(0);
        assertThat(row.text(Column.OUTCOME)).isEqualTo(outcome);
        assertThat(row.text(Column.FAILURE)).isEqualTo(failure);
        assertThat(row.has(Column.STATUS)).isFalse();
    }

    @Test
    void theErrorAnswerThatTheClientGotHasItsBytesAndItsId() {
        Exchange exchange = routed(null);
        for (int status : new int[] {400, 500}) {
            exchange.attempt(status == 400 ? DEAR : CHEAP);
            exchange.headCame(status);
            exchange.attemptFailed(new UpstreamFailure(Phase.STATUS, Kind.STATUS, "status"));
        }
        exchange.answeredBy(0);
        exchange.upstreamRequestId("theirs");
        exchange.answering(400);
        exchange.addResponseBytes(12);
        exchange.end(Outcome.COMPLETED);
        List<Row> rows = told(exchange);

        assertThat(rows).extracting(row -> row.text(Column.PROVIDER_REQUEST_ID)).containsExactly("theirs", null);
        assertThat(rows).extracting(row -> row.has(Column.RESPONSE_BYTES)).containsExactly(true, false);
        assertThat(rows).extracting(row -> row.text(Column.OUTCOME)).containsExactly("failed", "failed");
    }

    @Test
    void aRequestThatReachedNoProviderHasNoRow() {
        Exchange exchange = routed(null);
        exchange.end(Outcome.REJECTED);
        assertThat(told(exchange)).isEmpty();
    }

    @Test
    void charactersThatDatabasesRefuseAreReplaced() {
        Exchange exchange = Exchanges.routed(
                new Priced(), Choice.ordered(List.of(new Candidate(CHEAP.provider(), "a\0b\ud800c\ud83d\ude00"))));
        exchange.attempt(exchange.decision().candidates().get(0));
        exchange.end(Outcome.COMPLETED);
        assertThat(told(exchange).get(0).text(Column.MODEL_SENT)).isEqualTo("a\ufffdb\ufffdc\ud83d\ude00");
    }

    private List<Row> told(Exchange exchange) {
        exchange.caller();
        Reader reader = new Reader();
        lane.tell(exchange, reader);
        return reader.rows;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Exchange routed(Choice.Cost cost) {
        List<Candidate> all = List.of(DEAR, CHEAP);
        return Exchanges.routed(new Priced(), new Choice(Choice.Certainty.EXPECTED, all, all, cost));
    }

    /** A configuration that says prices and nothing else. */
    private static final class Priced implements Policy {

        @Override
        public Keys keys() {
            return null;
        }

        @Override
        public Routes routes() {
            return null;
        }

        @Override
        public Prices prices() {
            return (provider, model) -> switch (provider.id()) {
                case "dear" -> new PerToken(9, -1);
                case "cheap" -> new PerToken(2, -1);
                default -> null;
            };
        }
    }
}
