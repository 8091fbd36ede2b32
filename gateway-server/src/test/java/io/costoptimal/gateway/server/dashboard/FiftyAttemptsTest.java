package io.costoptimal.gateway.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Every field of the API that tells of usage, beside fifty attempts and sums that were worked out by hand. */
@Timeout(60)
class FiftyAttemptsTest {

    private static final String DAYS = "from=2026-11-20T00:00:00Z&to=2026-11-22T00:00:00Z";

    /** Kept as 0 and 1, told as false and true. */
    private static final Set<String> FLAGS = Set.of("stream", "partial", "counted");

    private static LedgerServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = LedgerServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tellsEveryColumnOfEveryAttempt() throws Exception {
        List<Map<String, String>> told = data("/usage?order=asc&limit=1000");

        assertThat(told).isEqualTo(attempts());
    }

    @Test
    void tellsThePagesOfAttemptsOneAfterTheOther() throws Exception {
        List<Map<String, String>> told = new ArrayList<>();
        String cursor = "";
        do {
            Map<String, Object> page = object(json("/usage?limit=7" + (cursor.isEmpty() ? "" : "&cursor=" + cursor)));
            told.addAll(rows(page));
            cursor = page.get("next") == null ? "" : String.valueOf(page.get("next"));
        } while (!cursor.isEmpty());

        List<Map<String, String>> newestFirst = attempts();
        Collections.reverse(newestFirst);
        assertThat(told).isEqualTo(newestFirst);
    }

    @Test
    void tellsTheAttemptsOfOneRequestInTheirOrder() throws Exception {
        assertThat(data("/usage/req_30"))
                .isEqualTo(attempts().stream()
                        .filter(attempt -> attempt.get("request_id").equals("req_30"))
                        .toList());
    }

    @Test
    void tellsTheSameAsCommaSeparatedText() throws Exception {
        String csv = server.get("/usage?order=asc&limit=1000", "text/csv").body();

        assertThat(FiftyAttempts.parse(csv)).isEqualTo(attempts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"key=team-b", "model=other", "provider=cheap", "outcome=cut", "request_id=req_05"})
    void tellsOnlyTheAttemptsThatAreAskedFor(String filter) throws Exception {
        String[] wanted = filter.split("=");

        assertThat(data("/usage?order=asc&limit=1000&" + filter))
                .isNotEmpty()
                .isEqualTo(attempts().stream()
                        .filter(attempt -> attempt.get(wanted[0]).equals(wanted[1]))
                        .toList());
    }

    @Test
    void addsUpAllAttempts() throws Exception {
        assertThat(summary("")).isEqualTo(List.of(sums("all", "all")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"provider", "model", "key", "outcome", "hour", "day", "month"})
    void addsUpAttemptsByWhatTheyHaveInCommon(String group) throws Exception {
        List<Map<String, String>> expected = new ArrayList<>();
        for (String value : FiftyAttempts.sums(group).keySet()) {
            Map<String, String> sums = sums(group, value);
            sums.put(group, group.equals("hour") ? value + ":00:00Z" : value);
            expected.add(sums);
        }

        assertThat(summary(group)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void tellsWhereRowsAreMissing() throws Exception {
        assertThat(object(json("/usage/summary?" + DAYS)).get("gaps"))
                .isEqualTo(List.of(Map.of(
                        "from", "2026-11-20T10:00:00.000Z",
                        "to", "2026-11-20T10:04:00.000Z",
                        "count", "312",
                        "reason", "queue_full")));
    }

    /** As the API tells them: oldest first, times as they are, flags as words. */
    private static List<Map<String, String>> attempts() throws IOException {
        List<Map<String, String>> attempts = new ArrayList<>(FiftyAttempts.attempts());
        attempts.forEach(attempt ->
                FLAGS.forEach(flag -> attempt.put(flag, attempt.get(flag).equals("1") + "")));
        attempts.sort(Comparator.<Map<String, String>, String>comparing(attempt -> attempt.get("started_at"))
                .thenComparing(attempt -> attempt.get("request_id"))
                .thenComparing(attempt -> attempt.get("attempt")));
        return attempts;
    }

    private static Map<String, String> sums(String group, String value) throws IOException {
        Map<String, String> sums = new LinkedHashMap<>(FiftyAttempts.sums(group).get(value));
        sums.remove("group");
        sums.remove("value");
        return sums;
    }

    /** A summary's lines; words within words get their path as their name, what is bytes is left out. */
    private static List<Map<String, String>> summary(String group) throws Exception {
        List<Map<String, String>> lines = new ArrayList<>();
        String asked = group.isEmpty() ? "" : "&group=" + group;
        for (Object line :
                (List<?>) object(json("/usage/summary?" + DAYS + asked)).get("data")) {
            Map<String, String> flat = new LinkedHashMap<>();
            ((Map<?, ?>) line).forEach((name, value) -> {
                if (value instanceof Map<?, ?> words) {
                    String of = name.toString().replaceAll("s$", "");
                    words.forEach((word, count) -> flat.put(of + "_" + word, String.valueOf(count)));
                } else if (!name.toString().endsWith("_bytes")) {
                    flat.put(name.toString(), value == null ? "" : value.toString());
                }
            });
            lines.add(flat);
        }
        return lines;
    }

    private static List<Map<String, String>> data(String path) throws Exception {
        return rows(object(json(path)));
    }

    private static List<Map<String, String>> rows(Map<String, Object> page) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (Object row : (List<?>) page.get("data")) {
            Map<String, String> texts = new LinkedHashMap<>();
            ((Map<?, ?>) row)
                    .forEach((name, value) -> texts.put(name.toString(), value == null ? "" : value.toString()));
            rows.add(texts);
        }
        return rows;
    }

    private static String json(String path) throws Exception {
        HttpResponse<String> response = server.get(path, "application/json");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    /** Objects as maps, arrays as lists, every other value as its text, and null as itself. */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String json) {
        try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            in.nextToken();
            return (Map<String, Object>) value(in);
        }
    }

    private static Object value(JsonParser in) {
        if (in.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String name = in.currentName();
                in.nextToken();
                members.put(name, value(in));
            }
            return members;
        }
        if (in.currentToken() == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(in));
            }
            return items;
        }
        return in.currentToken() == JsonToken.VALUE_NULL ? null : in.getString();
    }
}
