package io.costoptimal.gateway.server.dashboard;

import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Drop;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A made-up week of two days: fifty attempts, and what they add up to, which was worked out from the first table apart from any
 * code of the gateway's. Both tables are in the files beside this class, so that a reader can check a line by hand.
 *
 * <p>Among them are failures, failovers, two cancelled streams, one that broke off, cache reads and writes, an answer that the
 * price does not cover, a first choice that would have been cheaper, and one without a price from a client that sends markup.
 */
final class FiftyAttempts {

    private FiftyAttempts() {}

    /** The attempts, by the names of their columns. What a row does not have is an empty text. */
    static List<Map<String, String>> attempts() throws IOException {
        return table("attempts.csv");
    }

    /** What they add up to, for {@code group} such as {@code provider}, by its values. */
    static Map<String, Map<String, String>> sums(String group) throws IOException {
        Map<String, Map<String, String>> sums = new LinkedHashMap<>();
        for (Map<String, String> line : table("sums.csv")) {
            if (line.get("group").equals(group)) {
                sums.put(line.get("value"), line);
            }
        }
        return sums;
    }

    /** The attempts as the ledger's store takes them. */
    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Map<String, String> attempt : attempts()) {
            Row row = new Row();
            for (Column column : Column.ALL) {
                String value = attempt.get(column.word());
                if (value.isEmpty()) {
                    continue;
                }
                if (column == Column.STARTED_AT) {
                    row.set(column, Instant.parse(value).toEpochMilli());
                } else if (column.kind() == Column.Kind.TEXT) {
                    row.set(column, value);
                } else {
                    row.set(column, Long.parseLong(value));
                }
            }
            rows.add(row);
        }
        return rows;
    }

    /** Attempts that have no row. */
    static List<Gap> gaps() {
        long from = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
        return List.of(new Gap("gap-1", from, from + 240_000, 312, Drop.QUEUE_FULL));
    }

    private static List<Map<String, String>> table(String name) throws IOException {
        try (InputStream in = FiftyAttempts.class.getResourceAsStream(name)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Reads CSV (RFC 4180) with a head. */
    static List<Map<String, String>> parse(String text) {
        List<List<String>> lines = text.lines().map(FiftyAttempts::cells).toList();
        List<Map<String, String>> table = new ArrayList<>();
        for (List<String> cells : lines.subList(1, lines.size())) {
            Map<String, String> line = new LinkedHashMap<>();
            for (int i = 0; i < cells.size(); i++) {
                line.put(lines.get(0).get(i), cells.get(i));
            }
            table.add(line);
        }
        return table;
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
