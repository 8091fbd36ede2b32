package io.costoptimal.gateway.server.reconcile;

import static io.costoptimal.gateway.server.api.MemoryLedger.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.server.api.MemoryLedger;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Drop;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.Row;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our rows beside figures in each of the forms that providers have. */
class ReconciliationTest {

    /** Two days: 2026-11-01 and 2026-11-02. */
    private static final String OPENAI = """
            {"object": "page", "data": [
              {"object": "bucket", "start_time": 1793491200, "end_time": 1793577600, "results": [
                {"object": "organization.usage.completions.result", "input_tokens": 1000, "input_cached_tokens": 400,
                 "input_cache_write_tokens": 100, "output_tokens": 50, "num_model_requests": 2, "model": "gpt-4o-2024-08-06"},
                {"object": "organization.usage.completions.result", "input_tokens": 7, "output_tokens": 1, "model": "o3"}]},
              {"object": "bucket", "start_time": 1793577600, "end_time": 1793664000, "results": []}],
             "has_more": %s, "next_page": null}
            """;

    private static final String ANTHROPIC = """
            {"data": [{"starting_at": "2026-11-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z", "results": [
              {"uncached_input_tokens": 500, "cache_creation": {"ephemeral_1h_input_tokens": 20, "ephemeral_5m_input_tokens": 10},
               "cache_read_input_tokens": 200, "output_tokens": 50, "server_tool_use": {"web_search_requests": 1},
               "model": "claude-sonnet-4-20250514"}]}], "has_more": false, "next_page": null}
            """;

    private final MemoryLedger ledger = new MemoryLedger();

    private Row used(String time, String model, long... tokens) {
        Row row = row(time, "req_" + ledger.rows.size(), 1).set(Column.MODEL_SENT, model);
        for (int i = 0; i < tokens.length; i++) {
            row.set(Tokens.CLASSES.get(i), tokens[i]);
        }
        ledger.rows.add(row);
        return row;
    }

    @Test
    void equalBooksHaveNoDifference() throws Exception {
        used("2026-11-01T00:00:00Z", "gpt-4o", 300, 400, 0, 0, 20);
        used("2026-11-01T23:59:59.999Z", "gpt-4o-2024-08-06", 200, 0, 100, 0, 30);
        used("2026-11-01T12:00:00Z", "o3", 7, 0, 0, 0, 1);
        used("2026-10-31T23:59:59.999Z", "o3", 1_000);
        used("2026-11-03T00:00:00Z", "o3", 1_000);
        used("2026-11-02T00:00:00Z", "o3", 1_000).set(Column.PROVIDER, "another");
        Reconciliation compared = compare(OPENAI.formatted(false));

        assertThat(compared.differences()).isEmpty();
        assertThat(compared.lines()).hasSize(8);
        assertThat(compared.notReported()).isZero();
    }

    @Test
    void differencesAreTheDaysAndModelsThatHaveThem() throws Exception {
        used("2026-11-01T12:00:00Z", "gpt-4o", 500, 400, 100, 0, 51);
        used("2026-11-02T12:00:00Z", "gpt-5", 9, 0, 0, 0, 0).set(Column.TOKEN_SOURCE, "estimated");
        ledger.gaps.add(
                new Gap("g", millis("2026-11-02T05:00:00Z"), millis("2026-11-02T05:00:01Z"), 3, Drop.QUEUE_FULL));
        ledger.gaps.add(
                new Gap("h", millis("2026-11-03T00:00:00Z"), millis("2026-11-03T00:00:01Z"), 9, Drop.QUEUE_FULL));
        Reconciliation compared = compare(OPENAI.formatted(false));

        assertThat(compared.differences())
                .extracting(line ->
                        line.day() + " " + line.model() + " " + line.tokens().word() + " " + line.difference())
                .containsExactly(
                        "2026-11-01 gpt-4o output_tokens 1",
                        "2026-11-01 o3 input_tokens -7",
                        "2026-11-01 o3 output_tokens -1",
                        "2026-11-02 gpt-5 input_tokens 9");
        assertThat(compared.notReported()).isOne();
        assertThat(compared.missing()).isEqualTo(3);
    }

    @Test
    void anAttemptIsOfTheDayOnWhichItBegan() throws Exception {
        used("2026-10-31T23:59:59.500Z", "gpt-4o", 500, 400, 100, 0, 50).set(Column.STARTED_AFTER_MS, 501);
        used("2026-11-01T12:00:00Z", "o3", 7, 0, 0, 0, 1);

        assertThat(compare(OPENAI.formatted(false)).differences()).isEmpty();
    }

    @Test
    void readsAnthropicsReport() throws Exception {
        used("2026-11-01T12:00:00Z", "claude-sonnet-4", 500, 200, 10, 20, 50);
        ProviderFigures figures = FiguresReader.read(ANTHROPIC);

        assertThat(figures.api()).isEqualTo("anthropic");
        assertThat(compare(ANTHROPIC).differences()).isEmpty();
        assertThat(compare(ANTHROPIC).lines()).hasSize(5);
    }

    @Test
    void readsPagesOneAfterTheOther() throws Exception {
        ProviderFigures two = FiguresReader.read(OPENAI.formatted(true) + OPENAI.formatted(false));
        assertThat(two.cut()).isFalse();
        assertThat(two.first()).isEqualTo(LocalDate.of(2026, 11, 1));
        assertThat(two.last()).isEqualTo(LocalDate.of(2026, 11, 2));
        assertThat(two.tokens().get(new DayModel(two.first(), "gpt-4o")).of(Column.OUTPUT_TOKENS))
                .isEqualTo(100);
        assertThat(FiguresReader.read(OPENAI.formatted(true)).cut()).isTrue();
    }

    @Test
    void comparesOnlyTheColumnsThatACsvFileHas() throws Exception {
        used("2026-11-01T12:00:00Z", "gpt-4o", 5, 6, 7, 8, 9);
        Reconciliation compared = compare("""
                date,model,requests,output_tokens,"input_tokens"
                2026-11-01,gpt-4o-2024-08-06,1,9,5
                2026-11-03T00:00:00Z,"o3",1,,2

                """);

        assertThat(compared.lines()).hasSize(4);
        assertThat(compared.differences())
                .singleElement()
                .isEqualTo(new Reconciliation.Line(LocalDate.of(2026, 11, 3), "o3", Column.INPUT_TOKENS, 0, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-27, 2026-11-27",
        "2026-11-27T23:30:00Z, 2026-11-27",
        "2026-11-27T23:30:00-05:00, 2026-11-28",
        "2026-11-27T00:30:00+01:00, 2026-11-26"
    })
    void aTimeInACsvFileIsOfTheDayThatItHasInUtc(String date, LocalDate day) throws Exception {
        assertThat(FiguresReader.read("date,model,input_tokens\n" + date + ",m,1\n")
                        .tokens())
                .containsOnlyKeys(new DayModel(day, "m"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                   | line 1: nothing (expected: JSON, or CSV with date, model and one of
            a,b                                  | line 1: a,b (expected:
            date,model                           | line 1: date,model (expected:
            'date,model,input_tokens;x,m,1'      | line 2: date: x (expected: a day in UTC such as 2026-11-27, or a time with its offset)
            'date,model,input_tokens;2026-11-27T00:00:00,m,1' | line 2: date: 2026-11-27T00:00:00 (expected:
            'date,model,input_tokens;2026-11-27 or so,m,1' | line 2: date: 2026-11-27 or so (expected:
            ';;a,b'                              | line 3: a,b (expected:
            ';date,model,input_tokens;;;2026-11-01,m,1;;x,m,1' | line 7: date: x (expected:
            'date,model,input_tokens;;2026-11-01,m' | line 3: 2 cells (expected: 3)
            'date,model,input_tokens; ;2026-11-01,m,1.5' | line 3: input_tokens: 1.5 (expected: a whole number)
            'date,model,input_tokens;2026-11-01,m' | line 2: 2 cells (expected: 3)
            'date,model,input_tokens;2026-11-01,m,1.5' | line 2: input_tokens: 1.5 (expected: a whole number)
            {"data": 1}                          | data: 1 (expected: a page of
            {"error": {}}                        | data: null (expected: a page of
            {"data": [{"start_time": 1, "results": [{"model": null, "input_tokens": 1}]}]} | model: null (expected: a model for each result
            {"data": [{"start_time": 1, "results": [{"model": "m", "input_tokens": "1"}]}]} | input_tokens: 1 (expected: a whole number)
            {"data": [{"start_time": 1793491200, "results": [{"model": "m", "input_tokens": 9, "input_cached_tokens": 6, "input_cache_write_tokens": 4}]}]} | 2026-11-01 m: input_tokens: 9 (expected: 10 or more, since input_cached_tokens and input_cache_write_tokens are parts of it)
            {"data": [{"starting_at": "now", "results": []}]} | starting_at: now (expected: a time)
            {"data": [                           | no JSON:
            """)
    void saysWhatItDoesNotUnderstand(String text, String message) {
        assertThatThrownBy(() -> FiguresReader.read(text.replace(';', '\n')))
                .isInstanceOf(FiguresException.class)
                .hasMessageStartingWith(message);
    }

    private Reconciliation compare(String text) throws Exception {
        return Reconciliation.of(FiguresReader.read(text), ledger, Set.copyOf(List.of("openai")));
    }

    private static long millis(String time) {
        return Instant.parse(time).toEpochMilli();
    }
}
