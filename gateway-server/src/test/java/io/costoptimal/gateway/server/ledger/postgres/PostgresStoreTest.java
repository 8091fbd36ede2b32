package io.costoptimal.gateway.server.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerContract;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A ledger in PostgreSQL: partitions of days come and go, and several gateways write into it. */
class PostgresStoreTest extends LedgerContract {

    private static final String NOW = "2026-12-05T00:00:00Z";

    private String address;

    @Override
    protected LedgerStore open(Clock clock) throws Exception {
        if (address == null) {
            address = PostgresServer.shared().address();
        }
        return new PostgresStore(PostgresAddress.of(address), clock);
    }

    private LedgerStore other() throws Exception {
        return open(at(NOW));
    }

    private Connection connect() throws SQLException {
        return Postgres.source(PostgresAddress.of(address)).getConnection();
    }

    private List<String> partitions() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT inhrelid::regclass::text FROM pg_inherits"
                        + " WHERE inhparent = 'attempts'::regclass ORDER BY 1")) {
            while (found.next()) {
                names.add(found.getString(1));
            }
        }
        return names;
    }

    @Test
    void eachDayHasAPartitionAndTheNextOneIsMadeAhead() throws Exception {
        store.write(make(50, NOVEMBER - HOUR, NOVEMBER + HOUR), List.of());
        assertThat(partitions()).containsExactly("attempts_20261031", "attempts_20261101");
        store.idle();
        assertThat(partitions())
                .containsExactly("attempts_20261031", "attempts_20261101", "attempts_20261205", "attempts_20261206");

        store.expire(NOVEMBER);
        assertThat(partitions()).containsExactly("attempts_20261101", "attempts_20261205", "attempts_20261206");
    }

    @Test
    void twoGatewaysWriteTheSameHoursAtOnceAndEverySumIsRight() throws Exception {
        List<Row> all = Collections.synchronizedList(new ArrayList<>());
        List<List<Row>> batches = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            // The slots of roll-ups are the same for all of them; some rows are written by both.
            batches.add(make(50, NOVEMBER, NOVEMBER + 3 * HOUR));
        }
        ExecutorService gateways = Executors.newFixedThreadPool(3);
        try {
            List<Future<Void>> ends = new ArrayList<>();
            for (int gateway = 0; gateway < 3; gateway++) {
                List<List<Row>> own = new ArrayList<>(batches);
                Collections.shuffle(own, new Random(gateway));
                ends.add(gateways.submit((Callable<Void>) () -> {
                    try (LedgerStore each = other()) {
                        for (List<Row> batch : own) {
                            each.write(batch, List.of());
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> end : ends) {
                end.get();
            }
        } finally {
            gateways.shutdownNow();
        }
        batches.forEach(all::addAll);
        List<Row> expected = new ArrayList<>(all);
        expected.sort(IN_ORDER);
        assertThat(queries.rows(ALL, null, 10_000, Order.OLDEST_FIRST)).isEqualTo(expected);
        assertSummary(ALL, new Grouping(List.of(LedgerQueries.Dimension.values()), Period.HOUR), expected);
        assertSummary(ALL, new Grouping(List.of(LedgerQueries.Dimension.values()), Period.DAY), expected);
    }

    @Test
    void aDayThatAnotherGatewayHasDroppedIsGoneForThisOneToo() throws Exception {
        List<Row> old = make(10, OCTOBER, OCTOBER + DAY);
        store.write(old, List.of());
        try (LedgerStore other = other()) {
            other.expire(NOVEMBER);
        }
        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> store.write(make(1, OCTOBER, OCTOBER + DAY), List.of()))
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.ROWS));
        }
        List<Row> later = make(10, NOVEMBER, NOVEMBER + DAY);
        store.write(later, List.of());
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).isEqualTo(later);
    }

    @Test
    void aPartitionThatSomebodyReadsForLongStaysUntilTheNextTime() throws Exception {
        List<Row> old = make(10, OCTOBER, OCTOBER + DAY);
        store.write(old, List.of());
        try (Connection reader = connect()) {
            reader.setAutoCommit(false);
            Postgres.number(reader, "SELECT count(*) FROM attempts");
            assertThatThrownBy(() -> store.expire(NOVEMBER))
                    .isInstanceOfSatisfying(
                            LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.STORE));
            List<Row> later = make(10, NOVEMBER, NOVEMBER + DAY);
            store.write(later, List.of());
            assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).hasSize(20);
        }
        store.expire(NOVEMBER);
        assertThat(queries.rows(ALL, null, 100, Order.OLDEST_FIRST)).hasSize(10);
        assertThat(queries.summary(ALL, ONE)).hasSize(1);
    }

    @Test
    void aDayThatIsNotOldEnoughIsNotLockedToBeLookedAt() throws Exception {
        store.write(make(10, NOVEMBER, NOVEMBER + DAY), List.of());
        try (Connection reader = connect()) {
            reader.setAutoCommit(false);
            Postgres.number(reader, "SELECT count(*) FROM attempts");
            store.expire(NOVEMBER);
        }
        assertThat(partitions()).containsExactly("attempts_20261101");
    }

    @Test
    void aQuestionThatWaitsForALockIsGivenUpInTime() throws Exception {
        store.write(make(10, NOVEMBER, NOVEMBER + DAY), List.of());
        try (Connection holder = connect()) {
            holder.setAutoCommit(false);
            Postgres.execute(holder, "LOCK TABLE attempts IN ACCESS EXCLUSIVE MODE");
            assertThatThrownBy(() -> store.queries(Duration.ofMillis(50)).rows(ALL, null, 10, Order.NEWEST_FIRST))
                    .isInstanceOfSatisfying(
                            LedgerException.class,
                            e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.TIME_LIMIT));
        }
        assertThat(queries.rows(ALL, null, 10, Order.NEWEST_FIRST)).hasSize(10);
    }

    @Test
    void aConnectionThatIsCutIsReplacedAndTheBatchIsWrittenOnce() throws Exception {
        List<Row> first = make(10, NOVEMBER, NOVEMBER + DAY);
        store.write(first, List.of());
        try (Connection operator = connect()) {
            Postgres.execute(
                    operator,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'cost-optimal-gateway' AND pid <> pg_backend_pid()");
        }
        assertThatThrownBy(() -> store.write(first, List.of()))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.STORE));
        store.write(first, List.of());
        assertSummary(ALL, ONE, first);
    }

    @Test
    void aDatabaseOfANewerVersionIsLeftAlone() throws Exception {
        store.write(make(1, NOVEMBER, NOVEMBER + DAY), List.of());
        try (Connection operator = connect()) {
            Postgres.execute(operator, "INSERT INTO ledger_version (version) VALUES (1000)");
        }
        reopen(NOW);
        assertThatThrownBy(() -> store.write(make(1, NOVEMBER, NOVEMBER + DAY), List.of()))
                .hasMessageContaining("newer version")
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.STORE));
    }

    @Test
    void whatAClientHasSentIsInNoMessage() {
        List<Row> batch = List.of(rows.at(NOVEMBER).share(Column.KEY, null).set(Column.MODEL_ASKED, "my secret"));
        assertThatThrownBy(() -> store.write(batch, List.of()))
                .isInstanceOfSatisfying(
                        LedgerException.class, e -> assertThat(e.kind()).isEqualTo(LedgerException.Kind.ROWS))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("my secret"));
    }
}
