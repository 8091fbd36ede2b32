package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Cursor;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Order;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.RowText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** Rows of the ledger: page by page, of one request, and all of them as a stream. Any thread. */
final class UsageRows {

    static final int MOST = 1_000;

    private static final int STANDARD = 100;
    private static final String CSV = "text/csv";
    private static final String CSV_TYPE = "text/csv; charset=utf-8; header=present";
    private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})\\.(\\d{1,9})\\.(\\S{1,200})");

    private static final List<String> PAGE = Filters.and("request_id", "limit", "cursor", "order");
    private static final List<String> STREAM = Filters.and("format");

    private final Ledgers ledgers;

    UsageRows(Ledgers ledgers) {
        this.ledgers = ledgers;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/usage", Kind.QUERY, this::page),
                Route.get("/usage/export", Kind.EXPORT, this::export),
                Route.get("/usage/{request_id}", Kind.QUERY, this::request));
    }

    private Answer page(Request request) throws Refused {
        Parameters parameters = Parameters.of(request, PAGE);
        Filter filter = Filters.read(parameters, 0, Long.MAX_VALUE);
        int limit = parameters.number("limit", STANDARD, 1, MOST);
        Order order = parameters.word("order", List.of("desc", "asc")).equals("asc")
                ? Order.OLDEST_FIRST
                : Order.NEWEST_FIRST;
        Cursor after = cursor(parameters.text("cursor"));
        String id = parameters.text("request_id");
        List<Row> rows = id == null
                // One more than asked for tells whether there is a next page.
                ? ledgers.ask(ledger -> ledger.rows(filter, after, limit + 1, order))
                : attempts(id, filter, after, order);
        boolean more = rows.size() > limit;
        List<Row> shown = more ? rows.subList(0, limit) : rows;
        String next = more ? text(Cursor.of(shown.get(limit - 1))) : null;
        return wantsCsv(request) ? csv(request, shown, next) : json(shown, next);
    }

    /** Attempts of one request are few; they are sought by its id, and the rest is left out here. */
    private List<Row> attempts(String id, Filter filter, Cursor after, Order order) throws Refused {
        List<Row> rows = new ArrayList<>(ledgers.ask(ledger -> ledger.request(id)));
        rows.removeIf(row -> !Filters.means(filter, row));
        if (order == Order.NEWEST_FIRST) {
            Collections.reverse(rows);
        }
        if (after != null) {
            int at = rows.stream().map(Cursor::of).toList().indexOf(after);
            if (at < 0) {
                throw notSaid(text(after));
            }
            return rows.subList(at + 1, rows.size());
        }
        return rows;
    }

    private static Answer json(List<Row> rows, String next) {
        return Json.object(json -> {
            json.writeArrayPropertyStart("data");
            rows.forEach(row -> RowText.json(json, row));
            json.writeEndArray();
            json.writeStringProperty("next", next);
        });
    }

    /** The next page is told of in a field (RFC 8288), since the body has no place for it. */
    private static Answer csv(Request request, List<Row> rows, String next) {
        StringBuilder text = new StringBuilder(RowText.csvHead());
        try {
            for (Row row : rows) {
                RowText.csv(text, row);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a StringBuilder takes everything", e);
        }
        Answer answer = Answer.of(200, CSV_TYPE, text.toString().getBytes(StandardCharsets.UTF_8))
                .with("vary", "Accept");
        return next == null ? answer : answer.with("link", "<" + withCursor(request, next) + ">; rel=\"next\"");
    }

    private static String withCursor(Request request, String next) {
        Stream<Map.Entry<String, String>> rest = request.head().query().entrySet().stream()
                .filter(parameter -> !parameter.getKey().equals("cursor"))
                .map(parameter ->
                        Map.entry(parameter.getKey(), parameter.getValue().get(0)));
        return Stream.concat(rest, Stream.of(Map.entry("cursor", next)))
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "/usage?", ""));
    }

    private static boolean wantsCsv(Request request) {
        String accept = request.header("accept");
        return accept != null && accept.contains(CSV) && !accept.contains("application/json");
    }

    private Answer request(Request request) throws Refused {
        Parameters.of(request, List.of());
        String id = request.variables().get("request_id");
        List<Row> rows = ledgers.ask(ledger -> ledger.request(id));
        if (rows.isEmpty()) {
            throw new Refused(404, "not_found", "The ledger has no request " + id + ".");
        }
        return Json.list(json -> rows.forEach(row -> RowText.json(json, row)));
    }

    private Answer export(Request request) throws Refused {
        Parameters parameters = Parameters.of(request, STREAM);
        Filter filter = Filters.read(parameters, 0, Long.MAX_VALUE);
        boolean csv = parameters.text("format") == null
                ? wantsCsv(request)
                : parameters.word("format", List.of("jsonl", "csv")).equals("csv");
        // Where there is no ledger, say so before the answer has begun.
        ledgers.ask(null, ledger -> ledger);
        return csv
                ? Answer.stream(CSV_TYPE, out -> exportCsv(filter, out))
                : Answer.stream("application/jsonl", out -> exportJson(filter, out));
    }

    private void exportCsv(Filter filter, OutputStream out) throws IOException, Refused {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        writer.write(RowText.csvHead());
        each(filter, row -> RowText.csv(writer, row));
        writer.flush();
    }

    private void exportJson(Filter filter, OutputStream out) throws IOException, Refused {
        try (JsonGenerator json = Json.to(out)) {
            each(filter, row -> {
                RowText.json(json, row);
                json.writeRaw('\n');
            });
        }
    }

    /** Writes a row. */
    private interface RowWriter {

        void write(Row row) throws IOException;
    }

    private void each(Filter filter, RowWriter writer) throws IOException, Refused {
        IOException[] failure = new IOException[1];
        ledgers.ask(null, ledger -> {
            ledger.forEach(filter, row -> {
                try {
                    writer.write(row);
                    return true;
                } catch (IOException e) {
                    failure[0] = e;
                    return false;
                }
            });
            return null;
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private static Cursor cursor(String text) throws Refused {
        if (text == null) {
            return null;
        }
        Matcher form = CURSOR.matcher(text);
        if (!form.matches()) {
            throw notSaid(text);
        }
        return new Cursor(Long.parseLong(form.group(1)), form.group(3), Long.parseLong(form.group(2)));
    }

    private static Refused notSaid(String cursor) {
        return Refused.parameter("cursor", cursor, "what next said");
    }

    private static String text(Cursor cursor) {
        return cursor.startedAt() + "." + cursor.attempt() + "." + cursor.requestId();
    }
}
