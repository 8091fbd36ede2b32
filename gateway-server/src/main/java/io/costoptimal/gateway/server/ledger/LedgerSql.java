package io.costoptimal.gateway.server.ledger;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements that every kind of database understands, and how rows and roll-ups get into and out of them. Stateless. */
public final class LedgerSql {

    /** Everything of rows; {@code WHERE} comes next. */
    public static final String SELECT_ATTEMPTS = "SELECT " + columns() + " FROM attempts";

    /** Adds a gap; one that is there already is left as it is. */
    public static final String INSERT_GAP = "INSERT INTO gaps (from_ms, to_ms, gap_id, count, reason) VALUES ("
            + marks(5) + ") ON CONFLICT (from_ms, gap_id) DO NOTHING";

    /** Gaps in which a request between two times may be; both are parameters, the last first. */
    public static final String SELECT_GAPS =
            "SELECT gap_id, from_ms, to_ms, count, reason FROM gaps WHERE from_ms < ? AND to_ms >= ? ORDER BY from_ms";

    private static final String KEY = "key, model, provider, outcome";
    private static final String SUMS = Sum.ALL.stream().map(Sum::word).collect(Collectors.joining(", "));

    /** Tables of roll-ups. */
    public enum Rolled {
        HOURS("rollups", "hour"),
        DAYS("days", "day"),
        MONTHS("months", "month");

        private final String table;
        private final String start;

        Rolled(String table, String start) {
            this.table = table;
            this.start = start;
        }

        public String table() {
            return table;
        }

        /** Name of the column with the start of the hour, day or month. */
        public String start() {
            return start;
        }

        /** What a slot holds so far; its parameters are those of {@link LedgerSql#bind(PreparedStatement, int, RollUps.Slot)}. */
        public String select() {
            return "SELECT " + SUMS + ", first_byte, total FROM " + table + " WHERE " + start
                    + " = ? AND key = ? AND model = ? AND provider = ? AND outcome = ?";
        }

        /** Puts a slot with all that it holds, in place of what it held. */
        public String put() {
            String replaced = Stream.concat(Sum.ALL.stream().map(Sum::word), Stream.of("first_byte", "total"))
                    .map(word -> word + " = excluded." + word)
                    .collect(Collectors.joining(", "));
            return insert() + " DO UPDATE SET " + replaced;
        }

        /** Puts a slot where there is none of its key yet; its parameters are those of {@link #put}. */
        public String putIfAbsent() {
            return insert() + " DO NOTHING";
        }

        private String insert() {
            return "INSERT INTO " + table + " (" + start + ", " + KEY + ", " + SUMS + ", first_byte, total) VALUES ("
                    + marks(5 + Sum.ALL.size() + 2) + ") ON CONFLICT (" + start + ", " + KEY + ")";
        }
    }

    private LedgerSql() {}

    /** Adds so many rows at once; those that are there already are left as they are. */
    public static String insertAttempts(int rows) {
        String row = "(" + marks(Column.ALL.size()) + ")";
        return "INSERT INTO attempts (" + columns() + ") VALUES " + String.join(", ", Collections.nCopies(rows, row))
                + " ON CONFLICT (started_at, request_id, attempt) DO NOTHING";
    }

    /** The names of all columns of {@code attempts}, with commas between them. */
    public static String columns() {
        return Column.ALL.stream().map(Column::word).collect(Collectors.joining(", "));
    }

    /** So many parameters, with commas between them. */
    public static String marks(int count) {
        return Stream.generate(() -> "?").limit(count).collect(Collectors.joining(", "));
    }

    /**
     * Sets the parameters of a row of {@link #insertAttempts}.
     *
     * @param place which of the rows, from 0
     */
    public static void bind(PreparedStatement insert, int place, Row row) throws SQLException {
        int first = 1 + place * Column.ALL.size();
        List<Column> columns = Column.ALL;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column.kind() == Column.Kind.TEXT) {
                insert.setString(first + i, row.text(column));
            } else if (row.has(column)) {
                insert.setLong(first + i, row.number(column));
            } else {
                insert.setNull(first + i, Types.BIGINT);
            }
        }
    }

    /** Sets the parameters of {@link #INSERT_GAP}. */
    public static void bind(PreparedStatement insert, Gap gap) throws SQLException {
        insert.setLong(1, gap.from());
        insert.setLong(2, gap.to());
        insert.setString(3, gap.id());
        insert.setLong(4, gap.count());
        insert.setString(5, gap.why().word());
    }

    /** Sets five parameters to the key of a roll-up, the first of them at {@code at}, and returns where the next one is. */
    public static int bind(PreparedStatement statement, int at, RollUps.Slot slot) throws SQLException {
        statement.setLong(at, slot.start());
        statement.setString(at + 1, slot.key());
        statement.setString(at + 2, slot.model());
        statement.setString(at + 3, slot.provider());
        statement.setString(at + 4, slot.outcome());
        return at + 5;
    }

    /** Sets the parameters of {@link Rolled#put}. */
    public static void bind(PreparedStatement put, RollUps.Slot slot, RollUp sums) throws SQLException {
        int at = bind(put, 1, slot);
        for (Sum sum : Sum.ALL) {
            put.setLong(at++, sums.sum(sum));
        }
        put.setBytes(at++, sums.firstByte().toBytes());
        put.setBytes(at, sums.total().toBytes());
    }

    /** The row that {@code rows} is at, of a {@link #SELECT_ATTEMPTS}. */
    public static Row row(ResultSet rows) throws SQLException {
        Row row = new Row();
        List<Column> columns = Column.ALL;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column.kind() == Column.Kind.TEXT) {
                row.set(column, rows.getString(i + 1));
            } else {
                long value = rows.getLong(i + 1);
                row.set(column, value == 0 && rows.wasNull() ? Row.ABSENT : value);
            }
        }
        return row;
    }

    /** The gap that {@code gaps} is at, of {@link #SELECT_GAPS}. */
    public static Gap gap(ResultSet gaps) throws SQLException {
        return new Gap(
                gaps.getString(1), gaps.getLong(2), gaps.getLong(3), gaps.getLong(4), Drop.named(gaps.getString(5)));
    }

    /** Adds sums and histograms to {@code sums}; the first of them is column {@code at} of what {@code rows} is at. */
    public static void add(ResultSet rows, int at, RollUp sums) throws SQLException {
        int column = at;
        for (Sum sum : Sum.ALL) {
            sums.add(sum, rows.getLong(column++));
        }
        sums.firstByte().add(rows.getBytes(column++));
        sums.total().add(rows.getBytes(column));
    }
}
