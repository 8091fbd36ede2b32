package io.costoptimal.gateway.server.ledger;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/**
 * Rows as text, with the columns in their order and under their names. In JSON everything is exact. In CSV (RFC 4180) an
 * apostrophe stands before what a spreadsheet would take for a formula. Stateless.
 */
public final class RowText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final String LINE_END = "\r\n";

    private RowText() {}

    /** A time as rows have it (RFC 3339, with milliseconds, in UTC). */
    public static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    /** Writes {@code row} as an object; what it does not have is {@code null}. */
    public static void json(JsonGenerator json, Row row) {
        json.writeStartObject();
        for (Column column : Column.ALL) {
            json.writeName(column.word());
            if (!row.has(column)) {
                json.writeNull();
            } else if (column == Column.STARTED_AT) {
                json.writeString(time(row.number(column)));
            } else {
                switch (column.kind()) {
                    case NUMBER -> json.writeNumber(row.number(column));
                    case FLAG -> json.writeBoolean(row.number(column) != 0);
                    case TEXT -> json.writeString(row.text(column));
                }
            }
        }
        json.writeEndObject();
    }

    /** The first line of a CSV file, its end included. */
    public static String csvHead() {
        return Column.ALL.stream().map(Column::word).collect(Collectors.joining(",")) + LINE_END;
    }

    /** Writes {@code row} as a line, its end included; what it does not have is an empty cell. */
    public static void csv(Appendable out, Row row) throws IOException {
        for (Column column : Column.ALL) {
            if (column.ordinal() > 0) {
                out.append(',');
            }
            if (row.has(column)) {
                out.append(cell(column, row));
            }
        }
        out.append(LINE_END);
    }

    private static String cell(Column column, Row row) {
        if (column == Column.STARTED_AT) {
            return time(row.number(column));
        }
        return switch (column.kind()) {
            case NUMBER -> Long.toString(row.number(column));
            case FLAG -> Boolean.toString(row.number(column) != 0);
            case TEXT -> CsvCell.of(row.text(column));
        };
    }
}
