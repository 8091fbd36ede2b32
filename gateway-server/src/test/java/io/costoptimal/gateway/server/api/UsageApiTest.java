package io.costoptimal.gateway.server.api;

import static io.costoptimal.gateway.server.api.MemoryLedger.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Drop;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.RowText;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Usage as the API tells it. That every answer is as {@code openapi.json} says is checked by {@link ApiServer}. */
@Timeout(60)
class UsageApiTest {

    private static final String CONFIG = """
            api_keys: [{key: k, name: team}]
            providers: [{id: a, base_url: "http://127.0.0.1:1"}]
            default_provider: a
            """;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ApiServer api;

    @BeforeEach
    void start() throws Exception {
        api = new ApiServer(CONFIG, true);
        for (int i = 0; i < 5; i++) {
            api.ledger.rows.add(row("2026-11-0" + (i + 1) + "T10:00:00.000Z", "req_" + i, 1)
                    .set(Column.KEY, i % 2 == 0 ? "team-a" : "team-b")
                    .set(Column.COST_NANO_USD, 1_000 + i)
                    .set(Column.INPUT_TOKENS, 10 * i)
                    .set(Column.FIRST_BYTE_MS, 10)
                    .set(Column.TOTAL_MS, 20));
        }
        api.ledger.rows.get(0).set(Column.OUTCOME, "failed").set(Column.PROVIDER, "cheap");
        api.ledger.rows.add(row("2026-11-01T10:00:00.000Z", "req_0", 2)
                .set(Column.KEY, "team-a")
                .set(Column.DECISION, "proven")
                .set(Column.MODEL_ASKED, "=cmd|' /C calc'!A0"));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void listsAttemptsTheNewestFirst() throws Exception {
        assertThat(ids(api.get("/usage")))
                .containsExactly("req_4/1", "req_3/1", "req_2/1", "req_1/1", "req_0/2", "req_0/1");
        assertThat(ids(api.get("/usage?order=asc")))
                .containsExactly("req_0/1", "req_0/2", "req_1/1", "req_2/1", "req_3/1", "req_4/1");
        JsonNode first = json(api.get("/usage")).get("data").get(0);
        assertThat(first.get("started_at").asText()).isEqualTo("2026-11-05T10:00:00.000Z");
        assertThat(first.get("cost_nano_usd").asLong()).isEqualTo(1_004);
        assertThat(first.get("stream").isBoolean()).isTrue();
        assertThat(first.get("failure").isNull()).isTrue();
        assertThat(first).hasSameSizeAs(Column.ALL);
    }

    @ParameterizedTest
    @CsvSource({"desc, 1", "asc, 1", "desc, 4", "asc, 4", "desc, 5", "asc, 6"})
    void pagesHaveEachAttemptOnce(String order, int limit) throws Exception {
        List<String> all = ids(api.get("/usage?order=" + order));
        List<String> seen = new ArrayList<>();
        String next = null;
        int pages = 0;
        while (pages == 0 || next != null) {
            String cursor = pages == 0 ? "" : "&cursor=" + next;
            HttpResponse<String> page = api.get("/usage?order=" + order + "&limit=" + limit + cursor);
            seen.addAll(ids(page));
            JsonNode told = json(page).get("next");
            next = told.isNull() ? null : told.asText();
            pages++;
        }

        assertThat(seen).isEqualTo(all);
        assertThat(pages).isEqualTo((all.size() + limit - 1) / limit);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            key=team-b                                | req_3/1 req_1/1
            provider=cheap                            | req_0/1
            outcome=failed                            | req_0/1
            model=gpt-*&key=team-a&outcome=completed  | req_4/1 req_2/1 req_0/2
            model=gpt-4o                              |
            request_id=req_0                          | req_0/2 req_0/1
            request_id=req_0&order=asc                | req_0/1 req_0/2
            request_id=req_0&limit=1                  | req_0/2
            request_id=req_0&cursor=1793527200000.2.req_0 | req_0/1
            request_id=req_0&outcome=failed           | req_0/1
            request_id=nothing                        |
            from=2026-11-04                           | req_4/1 req_3/1
            to=2026-11-02                             | req_0/2 req_0/1
            from=2026-11-02T10:00:00Z&to=2026-11-04T11:00:01%2B01:00 | req_3/1 req_2/1 req_1/1
            from=2026-11-02T10:00:00.001Z&to=2026-11-03T10:00:00Z |
            """)
    void listsWhatIsMeant(String query, String expected) throws Exception {
        assertThat(String.join(" ", ids(api.get("/usage?" + query)))).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /usage?limit=0                 | limit   | limit: 0 (expected: 1 to 1000)
            /usage?limit=1001              | limit   | limit: 1001 (expected: 1 to 1000)
            /usage?limit=ten               | limit   | limit: ten (expected: 1 to 1000)
            /usage?limit=1&limit=2         | limit   | limit: 1, 2 (expected: one value)
            /usage?order=up                | order   | order: up (expected: one of desc, asc)
            /usage?outcome=fine            | outcome | outcome: fine (expected: one of completed, failed, cut, cancelled, aborted)
            /usage?cursor=x                | cursor  | cursor: x (expected: what next said)
            /usage?from=yesterday          | from    | from: yesterday (expected: a time such as 2026-11-27T08:00:00Z, or a day such as 2026-11-27 (UTC))
            /usage?from=2026-13-01         | from    | from: 2026-13-01 (expected: a time such as 2026-11-27T08:00:00Z, or a day such as 2026-11-27 (UTC))
            /usage?from=2026-11-02&to=2026-11-01 | to | to: 2026-11-01 (expected: a time after from)
            /usage?from=3000-01-02&to=3000-01-01 | to | to: 3000-01-01 (expected: a time after from)
            /usage/summary?from=3000-01-01 | from   | from: 3000-01-01 (expected: a time before now, or a later time as to)
            /usage?request_id=req_0&cursor=1793527200000.3.req_0 | cursor | cursor: 1793527200000.3.req_0 (expected: what next said)
            /usage?request_id=req_0&cursor=1793613600000.1.req_1 | cursor | cursor: 1793613600000.1.req_1 (expected: what next said)
            /usage?request_id=req_9&cursor=1793527200000.2.req_0 | cursor | cursor: 1793527200000.2.req_0 (expected: what next said)
            /usage?key=                    | key     | key: nothing (expected: a value, or the parameter left out)
            /usage?cursor=                 | cursor  | cursor: nothing (expected: a value, or the parameter left out)
            /usage/summary?key=            | key     | key: nothing (expected: a value, or the parameter left out)
            /usage/summary?group=day&key   | key     | key: nothing (expected: a value, or the parameter left out)
            /usage/summary?group=          | group   | group: nothing (expected: a value, or the parameter left out)
            /usage/export?to=              | to      | to: nothing (expected: a value, or the parameter left out)
            /usage?modell=x                | modell  | modell: unknown (expected: one of from, to, key, model, provider, outcome, request_id, limit, cursor, order)
            /usage/req_0?x=1               | x       | x: unknown (expected: no parameters)
            /usage/summary?group=key,key   | group   | group: key,key (expected: words of key, model, provider, outcome, and one of hour, day, month)
            /usage/summary?group=day,hour  | group   | group: day,hour (expected: words of key, model, provider, outcome, and one of hour, day, month)
            /usage/summary?group=status    | group   | group: status (expected: words of key, model, provider, outcome, and one of hour, day, month)
            /usage/export?format=xml       | format  | format: xml (expected: one of jsonl, csv)
            """)
    void saysWhatIsWrongWithAQuestion(String target, String parameter, String message) throws Exception {
        HttpResponse<String> answer = api.get(target);

        assertThat(answer.statusCode()).isEqualTo(400);
        JsonNode error = MAPPER.readTree(answer.body()).get("error");
        assertThat(error.get("code").asText()).isEqualTo("invalid_parameter");
        assertThat(error.get("parameter").asText()).isEqualTo(parameter);
        assertThat(error.get("message").asText()).isEqualTo(message);
    }

    @Test
    void saysWhereTheTimeOfASumBeginsIfItEndsBefore() throws Exception {
        HttpResponse<String> answer = api.get("/usage/summary?to=2020-01-01");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(MAPPER.readTree(answer.body()).get("error").get("message").asText())
                .matches("to: 2020-01-01 \\(expected: a time after 20\\S+Z, or an earlier time as from\\)");
    }

    @Test
    void showsAllAttemptsOfARequest() throws Exception {
        assertThat(ids(api.get("/usage/req_0"))).containsExactly("req_0/1", "req_0/2");
        assertThat(api.get("/usage/req_9").statusCode()).isEqualTo(404);
    }

    @Test
    void writesCsvWhereThatIsAskedFor() throws Exception {
        HttpResponse<String> page = api.get("/usage?limit=5&order=asc&key=team-a", "accept", "text/csv");

        assertThat(page.headers().firstValue("content-type")).contains("text/csv; charset=utf-8; header=present");
        assertThat(page.headers().firstValue("link")).isEmpty();
        assertThat(page.body().lines())
                .hasSize(5)
                .startsWith(RowText.csvHead().strip())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("2026-11-01T10:00:00.000Z,req_0,2,team-a,gpt-*,'=cmd|' /C calc'!A0,gpt-4o,"));

        HttpResponse<String> cut = api.get("/usage?limit=1&order=asc&key=team-a", "accept", "text/csv");
        String link = cut.headers().firstValue("link").orElseThrow();
        assertThat(link).endsWith(">; rel=\"next\"");
        assertThat(api.get(link.substring(1, link.indexOf('>')), "accept", "text/csv")
                        .body())
                .contains("req_0,2,")
                .doesNotContain("req_0,1,");
    }

    @Test
    void streamsEverythingOldestFirst() throws Exception {
        String lines = api.get("/usage/export").body();
        assertThat(lines.lines()).hasSize(6);
        for (String line : lines.lines().toList()) {
            OpenApi.read().checkRow(line);
        }
        assertThat(MAPPER.readTree(lines.lines().findFirst().orElseThrow())
                        .get("request_id")
                        .asText())
                .isEqualTo("req_0");

        assertThat(api.get("/usage/export?format=csv&from=2026-11-04").body().lines())
                .hasSize(3)
                .startsWith(RowText.csvHead().strip());
        assertThat(api.get("/usage/export?key=nobody").body()).isEmpty();
    }

    @Test
    void addsUpByWhatIsAskedFor() throws Exception {
        String time = "&from=2026-11-01&to=2026-12-01";
        JsonNode whole = json(api.get("/usage/summary?from=2026-11-01&to=2026-12-01"));
        assertThat(whole.get("data")).hasSize(1);
        JsonNode sums = whole.get("data").get(0);
        assertThat(sums.get("attempts").asLong()).isEqualTo(6);
        assertThat(sums.get("failovers").asLong()).isEqualTo(1);
        assertThat(sums.get("cost_nano_usd").asLong()).isEqualTo(5_010);
        assertThat(sums.get("unpriced_attempts").asLong()).isEqualTo(1);
        assertThat(sums.get("input_tokens").asLong()).isEqualTo(100);
        assertThat(sums.get("first_byte_p50_ms").asLong()).isEqualTo(10);
        assertThat(sums.get("total_p99_ms").asLong()).isEqualTo(20);
        assertThat(sums.get("token_sources").get("reported").asLong()).isEqualTo(6);

        JsonNode days =
                json(api.get("/usage/summary?group=provider,day" + time)).get("data");
        assertThat(days).hasSize(6);
        assertThat(days.get(0).get("day").asText()).isEqualTo("2026-11-01");
        assertThat(days.get(0).get("provider").asText()).isEqualTo("cheap");
        assertThat(json(api.get("/usage/summary?group=hour" + time))
                        .get("data")
                        .get(0)
                        .get("hour")
                        .asText())
                .isEqualTo("2026-11-01T10:00:00Z");
        assertThat(json(api.get("/usage/summary?group=month,key,outcome&model=gpt-*" + time))
                        .get("data")
                        .get(0)
                        .get("month")
                        .asText())
                .isEqualTo("2026-11");
        assertThat(json(api.get("/usage/summary?key=nobody" + time)).get("data"))
                .isEmpty();
    }

    @Test
    void saysWhatWasSavedAndByWhichDecisions() throws Exception {
        api.ledger.rows.clear();
        api.ledger.rows.add(row("2026-11-01T10:00:00.000Z", "req_0", 1)
                .set(Column.COST_NANO_USD, 100)
                .set(Column.FIRST_CHOICE_NANO_USD, 90)
                .set(Column.DEAREST_NANO_USD, 250)
                .set(Column.DECISION, "expected")
                .set(Column.REGRET_NANO_USD, 7));
        api.ledger.rows.add(row("2026-11-01T10:00:01.000Z", "req_1", 1)
                .set(Column.COST_NANO_USD, 50)
                .set(Column.DECISION, "proven"));
        JsonNode sums = json(api.get("/usage/summary?from=2026-11-01&to=2026-12-01"))
                .get("data")
                .get(0);

        assertThat(sums.get("saved_first_choice_nano_usd").asLong()).isEqualTo(-10);
        assertThat(sums.get("saved_dearest_nano_usd").asLong()).isEqualTo(150);
        assertThat(sums.get("regret_nano_usd").asLong()).isEqualTo(7);
        assertThat(sums.get("decisions").get("expected").asLong()).isOne();
        assertThat(sums.get("decisions").get("proven").asLong()).isOne();
        assertThat(sums.get("decisions").get("ordered").asLong()).isZero();
        assertThat(sums.get("first_byte_p50_ms").isNull()).isTrue();
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        api.ledger.gaps.add(new Gap(
                "g1",
                Instant.parse("2026-11-02T00:00:00Z").toEpochMilli(),
                Instant.parse("2026-11-02T00:00:05.250Z").toEpochMilli(),
                312,
                Drop.QUEUE_FULL));

        assertThat(json(api.get("/usage/summary?from=2026-11-01&to=2026-12-01"))
                        .get("gaps")
                        .toString())
                .isEqualTo("[{\"from\":\"2026-11-02T00:00:00.000Z\",\"to\":\"2026-11-02T00:00:05.250Z\",\"count\":312,"
                        + "\"reason\":\"queue_full\"}]");
        assertThat(json(api.get("/usage/summary?from=2026-11-03&to=2026-12-01")).get("gaps"))
                .isEmpty();
    }

    @Test
    void saysSoWhenTheLedgerCannotBeRead() throws Exception {
        api.ledger.failure = new LedgerException(LedgerException.Kind.STORE, "the file is locked", null);
        for (String target : List.of("/usage", "/usage/summary", "/usage/req_0", "/usage?request_id=req_0")) {
            HttpResponse<String> answer = api.get(target);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("\"ledger_unavailable\"", "the file is locked");
            assertThat(answer.headers().firstValue("retry-after")).contains("1");
        }
        assertThat(api.get("/usage/export?format=csv").statusCode()).isEqualTo(503);

        api.ledger.failure = new LedgerException(LedgerException.Kind.TIME_LIMIT, "9 s", null);
        assertThat(api.get("/usage").body()).contains("\"timeout\"");
    }

    @Test
    void saysSoWhereNoLedgerIsKept() throws Exception {
        try (ApiServer other = new ApiServer(CONFIG, false)) {
            for (String target : List.of("/usage", "/usage/summary", "/usage/req_0", "/usage/export")) {
                HttpResponse<String> answer = other.get(target);
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(answer.body()).contains("\"no_ledger\"");
            }
        }
    }

    private static List<String> ids(HttpResponse<String> page) throws Exception {
        List<String> ids = new ArrayList<>();
        json(page)
                .get("data")
                .forEach(row -> ids.add(row.get("request_id").asText() + "/"
                        + row.get("attempt").asText()));
        return ids;
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body());
    }
}
