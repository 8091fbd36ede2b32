package io.costoptimal.gateway.server.ledger.sqlite;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A ledger in SQLite. What it says of threads is said by {@link LedgerStore}. */
public final class SqliteStore implements LedgerStore {

    /** Months with an open file: the present one, and the one before for requests that began in it. */
    private static final int MOST_OPEN = 2;

    private final SqliteFiles files;
    private final Clock clock;
    private final SortedMap<YearMonth, MonthWriter> open = new TreeMap<>();
    private WriteLock lock;
    private Set<YearMonth> gone = Set.of();

    /** @param clock tells which month is over */
    public SqliteStore(SqliteFiles files, Clock clock) {
        this.files = files;
        this.clock = clock;
    }

    /** What one month gets of a batch. */
    private record Part(List<Row> rows, List<Gap> gaps) {

        Part() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public void write(List<Row> rows, List<Gap> gaps) throws LedgerException {
        ready();
        for (Map.Entry<YearMonth, Part> part : parts(rows, gaps).entrySet()) {
            YearMonth month = part.getKey();
            if (gone.contains(month)) {
                throw new LedgerException(LedgerException.Kind.ROWS, month + " is gone already", null);
            }
            try {
                MonthWriter writer = writer(month);
                writer.write(part.getValue().rows(), part.getValue().gaps());
                writer.checkpointIfDue();
            } catch (SQLException e) {
                throw failed(month, e);
            }
        }
    }

    /** By month. A gap stands in the month in which it began, or in the present one when that is gone. */
    private SortedMap<YearMonth, Part> parts(List<Row> rows, List<Gap> gaps) {
        SortedMap<YearMonth, Part> parts = new TreeMap<>();
        long from = 0;
        long to = 0;
        Part part = null;
        for (Row row : rows) {
            long millis = row.number(Column.STARTED_AT);
            if (part == null || millis < from || millis >= to) {
                YearMonth month = SqliteFiles.monthOf(millis);
                from = SqliteFiles.startOf(month);
                to = SqliteFiles.startOf(month.plusMonths(1));
                part = parts.computeIfAbsent(month, added -> new Part());
            }
            part.rows().add(row);
        }
        for (Gap gap : gaps) {
            YearMonth began = SqliteFiles.monthOf(gap.from());
            YearMonth month = gone.contains(began) ? SqliteFiles.monthOf(clock.millis()) : began;
            parts.computeIfAbsent(month, added -> new Part()).gaps().add(gap);
        }
        return parts;
    }

    /** Takes the lock, and learns which months are gone; both once. */
    private void ready() throws LedgerException {
        if (lock != null) {
            return;
        }
        WriteLock taken = WriteLock.take(files.lock());
        try {
            gone = new TreeSet<>(SummaryFile.gone(files.summary(), null));
            for (YearMonth month : gone) {
                SqliteFiles.delete(files.month(month));
            }
            lock = taken;
        } catch (SQLException e) {
            throw Sqlite.failure(files.summary(), e);
        } catch (IOException e) {
            throw unavailable(e);
        } finally {
            if (lock == null) {
                taken.close();
            }
        }
    }

    private MonthWriter writer(YearMonth month) throws SQLException {
        MonthWriter writer = open.get(month);
        if (writer != null && writer.fileIsGone()) {
            open.remove(month).close();
            writer = null;
        }
        if (writer == null) {
            writer = new MonthWriter(files.month(month));
            open.put(month, writer);
            closeOldest(month);
        }
        return writer;
    }

    private void closeOldest(YearMonth kept) {
        for (Iterator<Map.Entry<YearMonth, MonthWriter>> each = open.entrySet().iterator();
                open.size() > MOST_OPEN && each.hasNext(); ) {
            Map.Entry<YearMonth, MonthWriter> oldest = each.next();
            if (!oldest.getKey().equals(kept)) {
                // Asked for before the removal, after which the map may have put another month into the entry.
                MonthWriter writer = oldest.getValue();
                each.remove();
                writer.close();
            }
        }
    }

    /** A file that could not be written is opened anew for the next batch, whatever became of it meanwhile. */
    private LedgerException failed(YearMonth month, SQLException cause) {
        LedgerException failure = Sqlite.failure(files.month(month), cause);
        if (failure.kind() != LedgerException.Kind.ROWS) {
            MonthWriter broken = open.remove(month);
            if (broken != null) {
                broken.close();
            }
        }
        return failure;
    }

    /**
     * A month goes when it is over and its newest row is older: its roll-ups are copied into the summary, which in the same
     * transaction says that it is gone, and from then on its own file counts for nothing and is deleted.
     */
    @Override
    public void expire(long before) throws LedgerException {
        ready();
        YearMonth present = SqliteFiles.monthOf(clock.millis());
        SortedMap<YearMonth, Path> months;
        try {
            months = files.months();
        } catch (IOException e) {
            throw unavailable(e);
        }
        for (Map.Entry<YearMonth, Path> month : months.headMap(present).entrySet()) {
            try {
                if (newest(month.getKey()) < before) {
                    drop(month.getKey(), month.getValue());
                }
            } catch (SQLException e) {
                throw failed(month.getKey(), e);
            } catch (IOException e) {
                throw unavailable(e);
            }
        }
    }

    /** When the newest row of {@code month} started; the end of the month when it has none, for rows that come late. */
    private long newest(YearMonth month) throws SQLException {
        long newest = writer(month).newestMillis();
        return newest == Long.MIN_VALUE ? SqliteFiles.startOf(month.plusMonths(1)) - 1 : newest;
    }

    private void drop(YearMonth month, Path file) throws SQLException, IOException {
        // Closing the only connection also moves the log into the file, so that it is whole when it is read.
        open.remove(month).close();
        SummaryFile.take(files.summary(), file, month);
        Set<YearMonth> more = new TreeSet<>(gone);
        more.add(month);
        gone = more;
        SqliteFiles.delete(file);
    }

    @Override
    public void idle() throws LedgerException {
        for (Map.Entry<YearMonth, MonthWriter> each : open.entrySet()) {
            try {
                each.getValue().checkpoint();
            } catch (SQLException e) {
                throw failed(each.getKey(), e);
            }
        }
    }

    @Override
    public LedgerQueries queries(Duration limit) {
        return new SqliteQueries(files, limit);
    }

    private LedgerException unavailable(IOException cause) {
        return new LedgerException(LedgerException.Kind.STORE, files + ": " + cause, cause);
    }

    @Override
    public void close() {
        open.values().forEach(MonthWriter::close);
        open.clear();
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }
}
