package io.costoptimal.gateway.server.prices;

import static io.costoptimal.gateway.cost.TokenClass.CACHED_INPUT;
import static io.costoptimal.gateway.cost.TokenClass.INPUT;
import static io.costoptimal.gateway.cost.TokenClass.OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.server.prices.Tariff.Tier;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PriceFileTest {

    private static final String TWO_LINES =
            "# date: 2026-11-27\nvendor,model,above,input,cached_input,output,per_request\n";

    @Test
    void readsModelsTiersAndLimits() throws Exception {
        PriceList list = PriceFile.read("p.csv", """
                # Ours.
                # date: 2026-11-27

                vendor,model,above,input,cached_input,output,per_request,context,max_output
                house,big-1,,3,0.30,15,0.0005,1000000,64000
                house,big-1,200000,6,,22.50,,,
                house,"odd ""name"", with a comma",,1,,0,,,
                """, "file:p.csv");

        assertThat(list.version()).isEqualTo("file:p.csv@2026-11-27");
        assertThat(list.vendors().get("house"))
                .containsExactly(
                        Map.entry(
                                "big-1",
                                new Tariff(
                                        rates(3_000_000_000L, 300_000_000L, 15_000_000_000L),
                                        List.of(new Tier(
                                                200_000,
                                                new Rates(Map.of(INPUT, 6_000_000_000L, OUTPUT, 22_500_000_000L)))),
                                        500_000,
                                        1_000_000,
                                        64_000)),
                        Map.entry(
                                "odd \"name\", with a comma",
                                new Tariff(
                                        new Rates(Map.of(INPUT, 1_000_000_000L, OUTPUT, 0L)),
                                        List.of(),
                                        0,
                                        Tariff.UNKNOWN,
                                        Tariff.UNKNOWN)));
    }

    @Test
    void readsWhatItWrites() throws Exception {
        PriceList catalogue = Catalogue.list();

        assertThat(PriceFile.read("x", PriceFileText.of(catalogue, "All of it."), "catalogue"))
                .isEqualTo(catalogue);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void refusesTheWholeTableAndSaysWhere(String text, List<String> problems) {
        assertThatThrownBy(() -> PriceFile.read("p.csv", text, "file:p.csv"))
                .isInstanceOfSatisfying(
                        PriceFileException.class,
                        e -> assertThat(e.problems().stream().map(PriceProblem::toString))
                                .containsExactlyElementsOf(problems));
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                row(
                        "",
                        "p.csv:1:1: no date (expected: a line such as # date: 2026-11-27)",
                        "p.csv:1:1: no prices"
                                + " (expected: a line with the names of the columns, and lines with prices)"),
                row(
                        TWO_LINES,
                        "p.csv:1:1: no prices (expected: a line with the names of the columns, and lines with"
                                + " prices)"),
                row(
                        "# date: yesterday\nvendor,model,input,output\na,b,1,1\n",
                        "p.csv:1:9: date: yesterday (expected: 2026-11-27)"),
                row("# date: 2026-11-27\nvendor,model,input\na,b,1\n", "p.csv:2:1: no column output"),
                row(
                        "# date: 2026-11-27\nvendor,model,input,output,ouput\na,b,1,2,3\n",
                        "p.csv:2:27: column: ouput (expected: one of vendor, model, above, input, cached_input,"
                                + " cache_write, cache_write_1h, audio_input, output, reasoning, audio_output,"
                                + " per_request, context, max_output, each once)"),
                row(TWO_LINES + "a,b,,-1,,2,\n", "p.csv:3:6: input: -1 (expected: dollars such as 2.50)"),
                row(TWO_LINES + "a,b,,NaN,,2,\n", "p.csv:3:6: input: NaN (expected: dollars such as 2.50)"),
                row(
                        TWO_LINES + "a,b,,1,,0.0000000001,\n",
                        "p.csv:3:9: output: 0.0000000001 (expected: dollars such as 2.50, with at most nine decimals)"),
                row(TWO_LINES + "a,b,,1,,100001,\n", "p.csv:3:9: output: 100001 (expected: at most 100000 dollars)"),
                row(TWO_LINES + "a,b,,1,,1,1001\n", "p.csv:3:11: per_request: 1001 (expected: at most 1000 dollars)"),
                row(TWO_LINES + "a,b,0,1,,1,\n", "p.csv:3:5: above: 0 (expected: tokens, 1 to 1000000000)"),
                row(TWO_LINES + "a,b,,1,,2\n", "p.csv:3:1: 6 values (expected: 7, as many as there are columns)"),
                row(TWO_LINES + "a,\"b,,1,,2,\n", "p.csv:3:1: a quote that is not closed, or text beside quotes"),
                row(
                        TWO_LINES + ",b,,1,,2,\n",
                        "p.csv:3:1: vendor: nothing (expected: 1 to 256 characters, no control characters, no blank at"
                                + " either end)"),
                row(TWO_LINES + "a,b,,1,,2,\na,b,,1,,2,\n", "p.csv:4:1: a/b (expected: each model once)"),
                row(
                        TWO_LINES + "a,b,,1,,2,\na,c,200000,1,,2,\n",
                        "p.csv:4:1: above: 200000 (expected: right behind the row of the same model without it)"),
                row(
                        TWO_LINES + "a,b,,1,,2,\na,b,200000,1,,2,\na,b,128000,1,,2,\n",
                        "p.csv:3:1: above: 128000 (expected: tiers in rising order, each once)"));
    }

    @Test
    void stopsAtTwentyProblems() {
        assertThatThrownBy(() -> PriceFile.read("p.csv", TWO_LINES + "a,b,,x,,2,\n".repeat(50), "file:p.csv"))
                .isInstanceOfSatisfying(
                        PriceFileException.class, e -> assertThat(e.problems()).hasSize(20));
    }

    @Test
    void aSnapshotWithoutAPriceOfItsOwnCostsWhatItsModelDoes() {
        PriceList list = Catalogue.list();

        assertThat(list.find("openai", "gpt-4o-mini-2024-07-18").name()).isEqualTo("openai/gpt-4o-mini");
        assertThat(list.find("openai", "gpt-4o-2024-05-13").name()).isEqualTo("openai/gpt-4o-2024-05-13");
        assertThat(list.find("anthropic", "claude-opus-4-6-20260205").name()).isEqualTo("anthropic/claude-opus-4-6");
        assertThat(list.find("openai", "gpt-4o-audio-preview-2024-12-17")).isNull();
        assertThat(list.find("openai", "gpt-4o-mini-2024-07-99")).isNull();
        assertThat(list.find("nobody", "gpt-4o")).isNull();
    }

    @Test
    void theCatalogueIsDatedAndHasWhatVendorsList() {
        PriceList list = Catalogue.list();

        assertThat(list.version()).isEqualTo("catalogue@" + LocalDate.of(2026, 11, 27));
        assertThat(list.size()).isEqualTo(332);
        assertThat(list.find("openai", "gpt-4o").tariff())
                .isEqualTo(new Tariff(
                        rates(2_500_000_000L, 1_250_000_000L, 10_000_000_000L), List.of(), 0, 128_000, 16_384));
        assertThat(list.find("openai", "gpt-5.5").tariff().tiers())
                .containsExactly(new Tier(272_000, rates(10_000_000_000L, 1_000_000_000L, 45_000_000_000L)));
        assertThat(list.find("deepseek", "deepseek-v4-pro").tariff().base().of(CACHED_INPUT))
                .isEqualTo(3_625_000);
    }

    private static Rates rates(long input, long cached, long output) {
        return new Rates(Map.of(INPUT, input, CACHED_INPUT, cached, OUTPUT, output));
    }

    private static Arguments row(String text, String... problems) {
        return Arguments.of(text, List.of(problems));
    }
}
