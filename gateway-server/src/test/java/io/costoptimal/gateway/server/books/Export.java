package io.costoptimal.gateway.server.books;

import io.costoptimal.gateway.server.books.Tariffs.Tokens;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Books by day and model, in the forms in which providers hand them out. Used by one thread. */
final class Export {

    private final Map<LocalDate, Map<String, Tokens>> openAi = new TreeMap<>();
    private final Map<LocalDate, Map<String, Tokens>> anthropic = new TreeMap<>();

    /** Adds what an attempt is billed for. */
    void add(Row row, Tokens tokens) {
        long began = row.number(Column.STARTED_AT) + row.number(Column.STARTED_AFTER_MS);
        LocalDate day = Instant.ofEpochMilli(began).atZone(ZoneOffset.UTC).toLocalDate();
        Map<LocalDate, Map<String, Tokens>> books = row.text(Column.PROVIDER).startsWith("claude") ? anthropic : openAi;
        books.computeIfAbsent(day, key -> new TreeMap<>()).merge(row.text(Column.MODEL_SENT), tokens, Export::sum);
    }

    private static Tokens sum(Tokens one, Tokens other) {
        return new Tokens(
                one.uncached() + other.uncached(),
                one.cached() + other.cached(),
                one.written() + other.written(),
                one.written1h() + other.written1h(),
                one.output() + other.output(),
                one.reasoning() + other.reasoning());
    }

    /** A page of OpenAI's organization usage. */
    String openAi() {
        return page(
                openAi,
                day -> "\"start_time\":" + day.atStartOfDay(ZoneOffset.UTC).toEpochSecond(),
                tokens -> "\"input_tokens\":" + tokens.input() + ",\"input_cached_tokens\":" + tokens.cached()
                        + ",\"input_cache_write_tokens\":" + (tokens.written() + tokens.written1h())
                        + ",\"output_tokens\":" + tokens.output());
    }

    /** A page of Anthropic's usage report. */
    String anthropic() {
        return page(
                anthropic,
                day -> "\"starting_at\":\"" + day + "T00:00:00Z\"",
                tokens -> "\"uncached_input_tokens\":" + tokens.uncached() + ",\"cache_read_input_tokens\":"
                        + tokens.cached()
                        + ",\"cache_creation\":{\"ephemeral_5m_input_tokens\":" + tokens.written()
                        + ",\"ephemeral_1h_input_tokens\":" + tokens.written1h() + "},\"output_tokens\":"
                        + tokens.output());
    }

    private interface Text<T> {
        String of(T value);
    }

    private static String page(Map<LocalDate, Map<String, Tokens>> books, Text<LocalDate> time, Text<Tokens> figures) {
        List<String> buckets = new ArrayList<>();
        books.forEach((day, models) -> {
            List<String> results = new ArrayList<>();
            models.forEach((model, tokens) -> results.add("{\"model\":\"" + model + "\"," + figures.of(tokens) + "}"));
            buckets.add("{" + time.of(day) + ",\"results\":[" + String.join(",", results) + "]}");
        });
        return "{\"data\":[" + String.join(",", buckets) + "],\"has_more\":false}";
    }
}
