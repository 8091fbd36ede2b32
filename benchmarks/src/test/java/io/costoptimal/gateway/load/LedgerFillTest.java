package io.costoptimal.gateway.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.ledger.LedgerQueries.Dimension;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Line;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Period;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.Sum;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of the ledger's benchmark: what is written over twelve months is what summaries say, and stays so. */
class LedgerFillTest {

    private static final Filter ALL = new Filter(0, Long.MAX_VALUE, Map.of());
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final int ROWS = 200_000 / LedgerFill.MONTHS;

    @TempDir
    private Path folder;

    @Test
    void summariesOfTwelveMonthsAddUpToTheirRowsAlsoOnceTheFirstMonthsAreGone() throws Exception {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        try (LedgerStore store = new SqliteStore(SqliteFiles.of("file:" + folder.resolve("usage.db")), clock)) {
            LedgerFill fill = new LedgerFill(store);
            for (int i = 0; i < LedgerFill.MONTHS; i++) {
                long from = LedgerFill.startOf(LedgerFill.month(NOW, i));
                fill.write(from, from + 48 * 3_600_000L, ROWS);
            }
            assertThat(fill.written().sum(Sum.ATTEMPTS)).isEqualTo((long) ROWS * LedgerFill.MONTHS);
            assertAddsUp(store, fill.written());

            store.expire(LedgerFill.startOf(LedgerFill.month(NOW, 3)));

            assertThat(folder.resolve("usage-2026-02.db")).doesNotExist();
            assertThat(folder.resolve("usage-2026-03.db")).exists();
            assertAddsUp(store, fill.written());
        }
    }

    private static void assertAddsUp(LedgerStore store, RollUp written) throws Exception {
        for (Grouping grouping : List.of(
                new Grouping(List.of(), null),
                new Grouping(List.of(Dimension.PROVIDER, Dimension.KEY), Period.MONTH),
                new Grouping(List.of(Dimension.OUTCOME), Period.DAY))) {
            RollUp sums = new RollUp();
            for (Line line : store.queries(null).summary(ALL, grouping)) {
                sums.add(line.sums());
            }
            for (Sum sum : Sum.ALL) {
                assertThat(sums.sum(sum)).as(grouping + " " + sum).isEqualTo(written.sum(sum));
            }
        }
    }
}
