package io.costoptimal.gateway.server.ledger.postgres;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Row;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Rows in the text format of PostgreSQL's COPY: a line for each, a tab between columns, {@code \N} for what is absent. Confined to
 * one thread.
 */
final class CopyText {

    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder text = new StringBuilder();

    void add(Row row) {
        List<Column> columns = Column.ALL;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            text.append(i == 0 ? "" : "\t");
            if (!row.has(column)) {
                text.append("\\N");
            } else if (column.kind() == Column.Kind.TEXT) {
                add(row.text(column));
            } else {
                text.append(row.number(column));
            }
        }
        text.append('\n');
    }

    /**
     * A NUL is what PostgreSQL cannot hold in a text. A client may send one in the name of a model, and shall not get rid of
     * the row that way.
     */
    private void add(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\t' -> text.append("\\t");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case 0 -> text.append(REPLACEMENT);
                default -> text.append(c);
            }
        }
    }

    /** All rows that were added; half of a surrogate pair is a question mark. */
    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
