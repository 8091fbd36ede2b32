package io.costoptimal.gateway.server.ledger.sqlite;

import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.Periods;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.SummaryLines;
import io.costoptimal.gateway.server.ledger.TableReads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the files of a ledger, each with a connection that is opened for the call. Any thread.
 *
 * <p>A month whose rows are gone is read from the summary alone, also while its file is still there. When one goes during a
 * call that adds up, the call begins anew.
 */
final class SqliteQueries implements LedgerQueries {

    /** Rows handed over between two looks: no reader holds a state of the database for longer than they take. */
    private static final int PAGE = 2_000;

    private final SqliteFiles files;
    private final Duration limit;

    SqliteQueries(SqliteFiles files, Duration limit) {
        this.files = files;
        this.limit = limit;
    }

    /** Something to be read of one file. */
    private interface Reading {
        void read(TableReads tables) throws SQLException;
    }

    @Override
    public List<Row> rows(Filter filter, Cursor after, int most, Order order) throws LedgerException {
        TableReads.Page page = new TableReads.Page(filter, after, order);
        List<Map.Entry<YearMonth, Path>> months =
                new ArrayList<>(months(page.rest(), gone()).entrySet());
        if (order == Order.NEWEST_FIRST) {
            Collections.reverse(months);
        }
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<YearMonth, Path> month : months) {
            if (rows.size() >= most) {
                break;
            }
            read(month.getValue(), tables -> tables.rows(page, most, rows));
        }
        return rows;
    }

    /** Ids hold the start of their request. One that does not is no id of a gateway's, and all rows are looked through. */
    @Override
    public List<Row> request(String requestId) throws LedgerException {
        long millis = RequestId.millis(requestId);
        Filter filter = millis < 0 ? new Filter(0, Periods.END, Map.of()) : new Filter(millis, millis + 1, Map.of());
        List<Row> rows = new ArrayList<>();
        for (Path month : months(filter, gone()).values()) {
            read(month, tables -> tables.request(requestId, filter, rows));
        }
        rows.sort(Comparator.comparingLong(row -> row.number(Column.ATTEMPT)));
        return rows;
    }

    @Override
    public List<Line> summary(Filter filter, Grouping grouping) throws LedgerException {
        Periods.Parts parts = Periods.parts(filter, grouping.period());
        List<YearMonth> gone;
        SummaryLines lines;
        do {
            gone = gone();
            lines = new SummaryLines(grouping);
            for (Source source : sources(filter, gone)) {
                add(source, parts.of(source.from(), source.to()), filter, lines);
            }
        } while (!gone.equals(gone()));
        return lines.inOrder();
    }

    private void add(Source source, List<Periods.Part> parts, Filter filter, SummaryLines lines)
            throws LedgerException {
        read(source.file(), tables -> {
            for (Periods.Part part : parts) {
                tables.sums(part, filter, lines);
            }
        });
    }

    @Override
    public List<Gap> gaps(long from, long to) throws LedgerException {
        // By their ids, because months that are gone have theirs in one file. A gap that lasted may stand in any month.
        Map<String, Gap> gaps = new TreeMap<>();
        List<YearMonth> gone;
        do {
            gone = gone();
            gaps.clear();
            for (Source source : sources(new Filter(0, Periods.END, Map.of()), gone)) {
                read(source.file(), tables -> tables.gaps(from, to, gap -> gaps.put(gap.id(), gap)));
            }
        } while (!gone.equals(gone()));
        return gaps.values().stream()
                .sorted(Comparator.comparingLong(Gap::from))
                .toList();
    }

    @Override
    public void forEach(Filter filter, RowConsumer each) throws LedgerException {
        Cursor after = null;
        List<Row> page;
        do {
            page = rows(filter, after, PAGE, Order.OLDEST_FIRST);
            for (Row row : page) {
                if (!each.row(row)) {
                    return;
                }
            }
            after = page.isEmpty() ? null : Cursor.of(page.get(page.size() - 1));
        } while (page.size() == PAGE);
    }

    /** A file, and the time for which it counts. */
    private record Source(Path file, long from, long to) {}

    /** What has roll-ups and gaps of the time of {@code filter}: months, and the summary for each month that is gone. */
    private List<Source> sources(Filter filter, List<YearMonth> gone) throws LedgerException {
        List<Source> sources = new ArrayList<>();
        for (YearMonth month : gone) {
            add(sources, filter, month, files.summary());
        }
        months(filter, gone).forEach((month, file) -> add(sources, filter, month, file));
        return sources;
    }

    private static void add(List<Source> sources, Filter filter, YearMonth month, Path file) {
        Source source = new Source(file, SqliteFiles.startOf(month), SqliteFiles.startOf(month.plusMonths(1)));
        if (source.from() < filter.to() && source.to() > filter.from()) {
            sources.add(source);
        }
    }

    private List<YearMonth> gone() throws LedgerException {
        try {
            return SummaryFile.gone(files.summary(), limit);
        } catch (SQLException e) {
            throw Sqlite.failure(files.summary(), e);
        }
    }

    /** The months of the time of {@code filter} that have rows, oldest first. */
    private SortedMap<YearMonth, Path> months(Filter filter, List<YearMonth> gone) throws LedgerException {
        SortedMap<YearMonth, Path> months = new TreeMap<>();
        try {
            months.putAll(files.months());
        } catch (IOException e) {
            throw new LedgerException(LedgerException.Kind.STORE, files + ": " + e, e);
        }
        gone.forEach(months::remove);
        months.keySet()
                .removeIf(month -> SqliteFiles.startOf(month) >= filter.to()
                        || SqliteFiles.startOf(month.plusMonths(1)) <= filter.from());
        return months;
    }

    private void read(Path file, Reading reading) throws LedgerException {
        try (Connection connection = Sqlite.read(file, limit)) {
            if (Sqlite.hasTables(connection)) {
                reading.read(new TableReads(connection, () -> {}));
            }
        } catch (SQLException e) {
            if (!Files.exists(file)) {
                return;
            }
            throw Sqlite.failure(file, e);
        }
    }
}
