package io.costoptimal.gateway.server.dashboard;

import static io.costoptimal.gateway.server.dashboard.Dashboard.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The view of what was spent and saved, beside sums that were worked out by hand. */
@Timeout(120)
@ExtendWith(Dashboard.Extension.class)
class SpendViewTest {

    private final Dashboard dashboard;
    private final Browser browser;

    SpendViewTest(Dashboard dashboard) {
        this.dashboard = dashboard;
        browser = dashboard.browser();
    }

    /** What the page's policy forbids shows in the console, and so does every mistake of a script. */
    @AfterEach
    void leavesTheConsoleEmpty() {
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void addsUpWhatWasSpentAndSaved() throws IOException {
        dashboard.show("#/?" + DAYS, "Spend");

        Map<String, String> tiles = new LinkedHashMap<>();
        for (WebElement tile : browser.all(".tile")) {
            String value = tile.findElement(By.cssSelector(".big")).getText();
            String note = tile.findElement(By.cssSelector(".note")).getText();
            tiles.put(tile.findElement(By.cssSelector("dt")).getText(), value + " / " + note);
        }
        assertThat(tiles)
                .containsExactly(
                        Map.entry("Spent", "$0.2146 / and 1 attempt without a price"),
                        Map.entry("Saved against the first choice", "$0.2306 / the first provider listed"),
                        Map.entry("Saved against the dearest", "$0.6204 / the dearest candidate"),
                        Map.entry("Possible beyond that", "$0.0300 / sent whole, never answered"),
                        Map.entry("Attempts", "50 / 6 failed over"),
                        Map.entry("Not completed", "9 / 18 % of all attempts"));
    }

    /** Each line of each table beside the line that was worked out by hand. */
    @ParameterizedTest
    @ValueSource(strings = {"provider", "model", "key"})
    void splitsWhatWasSpent(String by) throws IOException {
        Map<String, Map<String, String>> sums = FiftyAttempts.sums(by);
        dashboard.show("#/?" + DAYS + "&by=" + by, "Spend");

        List<Map<String, String>> shown = browser.table("By " + by);

        assertThat(shown).extracting(line -> line.get(by)).containsExactlyInAnyOrderElementsOf(sums.keySet());
        assertThat(shown).allSatisfy(line -> {
            Figures sum = new Figures(sums.get(line.get(by)));
            assertThat(line)
                    .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                            Map.entry(by, line.get(by)),
                            Map.entry("Attempts", sum.number("attempts")),
                            Map.entry("Input tokens", sum.input()),
                            Map.entry("Output tokens", sum.number("output_tokens")),
                            Map.entry("Spent", sum.priced("cost_nano_usd")),
                            Map.entry("No price", sum.number("unpriced_attempts")),
                            Map.entry("Saved (first)", sum.usd("saved_first_choice_nano_usd")),
                            Map.entry("Saved (dearest)", sum.usd("saved_dearest_nano_usd")),
                            Map.entry("First byte p50", sum.millis("first_byte_p50_ms")),
                            Map.entry("Total p50", sum.millis("total_p50_ms")),
                            Map.entry("Total p99", sum.millis("total_p99_ms"))));
        });
    }

    /** A figure, a series in it, and the column of the sums that it shows. */
    private static final List<List<String>> SERIES = List.of(
            List.of("Tokens by class", "Uncached input", "input_tokens"),
            List.of("Tokens by class", "Cached input", "cached_input_tokens"),
            List.of("Tokens by class", "Cache writes, 5 min", "cache_write_tokens"),
            List.of("Tokens by class", "Cache writes, 1 h", "cache_write_1h_tokens"),
            List.of("Tokens by class", "Output", "output_tokens"),
            List.of("Saved", "against the first choice", "saved_first_choice_nano_usd"),
            List.of("Saved", "against the dearest", "saved_dearest_nano_usd"),
            List.of("Time to the first byte", "p50", "first_byte_p50_ms"),
            List.of("Time to the first byte", "p90", "first_byte_p90_ms"),
            List.of("Time to the first byte", "p99", "first_byte_p99_ms"),
            List.of("Time to the end", "p50", "total_p50_ms"),
            List.of("Time to the end", "p90", "total_p90_ms"),
            List.of("Time to the end", "p99", "total_p99_ms"),
            List.of("Failovers", "failed over to another provider", "failovers"),
            List.of("Possible beyond the spend", "sent whole, never answered", "possible_nano_usd"));

    @Test
    void chartsEachHour() throws IOException {
        Map<String, Map<String, String>> hours = FiftyAttempts.sums("hour");
        Figures all = new Figures(FiftyAttempts.sums("all").get("all"));
        dashboard.show("#/?" + DAYS, "Spend");

        for (List<String> series : SERIES) {
            List<Map<String, String>> shown = browser.table(series.get(0));
            Map<String, String> expected = new LinkedHashMap<>();
            Map<String, String> found = new LinkedHashMap<>();
            for (Map<String, String> line : shown) {
                // 20 Nov 09:00
                String time = line.get("Time (UTC)");
                String hour = "2026-11-" + time.substring(0, 2) + "T" + time.substring(7, 9);
                found.put(hour, line.get(series.get(1)));
                expected.put(hour, new Figures(hours.getOrDefault(hour, Map.of())).of(series.get(2)));
            }
            assertThat(found).as(series.toString()).hasSize(48).isEqualTo(expected);
            assertThat(legend(series.get(0))).containsEntry(series.get(1), all.of(series.get(2)));
        }
    }

    @Test
    void chartsWhatWasSpentByProviderAndHowAttemptsEnded() throws IOException {
        dashboard.show("#/?" + DAYS, "Spend");

        Map<String, Map<String, String>> providers = FiftyAttempts.sums("provider");
        assertThat(legend("Spend by provider"))
                .containsExactlyInAnyOrderEntriesOf(of(providers, sum -> sum.usd("cost_nano_usd")));
        Map<String, Map<String, String>> outcomes = FiftyAttempts.sums("outcome");
        assertThat(legend("Outcomes of attempts"))
                .containsExactlyInAnyOrderEntriesOf(of(outcomes, sum -> sum.number("attempts")));
        assertThat(browser.all(".plot canvas")).hasSize(8);
    }

    private static Map<String, String> of(Map<String, Map<String, String>> sums, Function<Figures, String> text) {
        Map<String, String> texts = new LinkedHashMap<>();
        sums.forEach((name, sum) -> texts.put(name, text.apply(new Figures(sum))));
        return texts;
    }

    private Map<String, String> legend(String chart) {
        return browser.script("""
                return Object.fromEntries([...arguments[0].querySelectorAll('.legend li')].map(item =>
                    [item.querySelector('.label').innerText, item.querySelector('.value').innerText]));
                """, browser.panel(chart));
    }

    @Test
    void listsTokensByClassAndHowProvidersWereChosen() throws IOException {
        Figures all = new Figures(FiftyAttempts.sums("all").get("all"));
        dashboard.show("#/?" + DAYS, "Spend");

        assertThat(browser.table("Tokens"))
                .extracting(line -> line.get("Class") + ": " + line.get("Tokens"))
                .containsExactly(
                        "Uncached input: " + all.number("input_tokens"),
                        "Cached input: " + all.number("cached_input_tokens"),
                        "Cache writes, 5 min: " + all.number("cache_write_tokens"),
                        "Cache writes, 1 h: " + all.number("cache_write_1h_tokens"),
                        "Output: " + all.number("output_tokens"),
                        "Reasoning, of output: " + all.number("reasoning_tokens"),
                        "Audio, of input: " + all.number("audio_input_tokens"),
                        "Audio, of output: " + all.number("audio_output_tokens"));
        assertThat(browser.table("How providers were chosen"))
                .extracting(line -> line.get("Decision") + ": " + line.get("Attempts"))
                .containsExactly(
                        "proven: 13", "counted: 5", "expected: 6", "estimated: 4", "ordered: 15", "weighted: 1");
        assertThat(browser.facts("How providers were chosen")).containsEntry("Regret, at most", "$0.000214");
    }

    @Test
    void saysWhereRowsAreMissing() {
        dashboard.show("#/?" + DAYS, "Spend");

        assertThat(browser.panel("Completeness").getText())
                .contains("312 rows missing here: 20 Nov 2026 10:00:00 to 20 Nov 2026 10:04:00 (queue_full)");

        dashboard.show("#/?range=custom&from=2026-11-21&to=2026-11-21", "Spend");
        assertThat(browser.panel("Completeness").getText()).contains("No rows are missing in this time.");
    }

    @Test
    void saysThatThereIsNothingInATimeWithoutAttempts() {
        dashboard.show("#/?range=custom&from=2020-01-01&to=2020-01-02", "Spend");

        assertThat(browser.panel("No attempts in this time").isDisplayed()).isTrue();
        assertThat(browser.all(".chart")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "from=2026-11-21&to=2026-11-20, The last day is before the first",
        "from=2026-11-21, A day is missing",
        "from=2026-11-21&to=tomorrow, A day is missing"
    })
    void showsNoFiguresOfATimeThatHoldsNoDay(String days, String said) {
        dashboard.show("#/?range=custom&" + days, "Spend");

        assertThat(browser.panel(said).isDisplayed()).isTrue();
        assertThat(browser.all(".tile, .chart")).isEmpty();
        assertThat(browser.all("input[name=range]:checked"))
                .extracting(input -> input.getDomAttribute("value"))
                .containsExactly("custom");
    }

    @ParameterizedTest
    @CsvSource({"24h, 24", "7d, 168", "30d, 30", "12mo, 12"})
    void cutsEachRangeIntoSteps(String range, int steps) {
        dashboard.show("#/?range=" + range, "Spend");

        assertThat(browser.all("input[name=range]:checked"))
                .extracting(input -> input.getDomAttribute("value"))
                .containsExactly(range);
        // The ledger has nothing of these days when the test runs later, so the steps are asked of the page's own
        // module.
        Object counted = browser.driver()
                .executeAsyncScript(
                        "const done = arguments[1]; import('./range.js').then(m => done(m.steps(m.range(arguments[0])).length))",
                        range);
        assertThat(counted).isEqualTo((long) steps);
    }
}
