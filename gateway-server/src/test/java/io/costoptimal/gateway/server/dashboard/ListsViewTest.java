package io.costoptimal.gateway.server.dashboard;

import static io.costoptimal.gateway.server.dashboard.LedgerServer.CLIENT_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The views of what is on its way, of providers and of prices. */
@Timeout(120)
@ExtendWith(Dashboard.Extension.class)
class ListsViewTest {

    private final Dashboard dashboard;
    private final Browser browser;

    ListsViewTest(Dashboard dashboard) {
        this.dashboard = dashboard;
        browser = dashboard.browser();
    }

    /** What the page's policy forbids shows in the console, and so does every mistake of a script. */
    @AfterEach
    void leavesTheConsoleEmpty() {
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void showsAStreamAsLongAsItLasts() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(dashboard.server().gateway() + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + CLIENT_KEY)
                .header("Content-Type", "application/json")
                .header("x-sim-fault", "stall@2")
                .POST(BodyPublishers.ofString("{\"model\":\"big-1\",\"stream\":true,\"messages\":[]}"))
                .build();
        HttpResponse<InputStream> stream = HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
        String id = stream.headers().firstValue("x-request-id").orElseThrow();
        try (InputStream body = stream.body()) {
            body.read();
            dashboard.show("#/live", "Live");
            browser.await("main tbody tr");

            assertThat(browser.table("On their way now"))
                    .filteredOn(line -> line.get("Request").equals(id))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .containsEntry("Key", "team-a")
                            .containsEntry("Model asked", "big-1")
                            .containsEntry("Provider", "house")
                            .containsEntry("Attempt", "1")
                            .containsEntry("Phase", "streaming"));
        }
        // The view asks anew by itself.
        browser.awaitText("None at the moment.");
    }

    @Test
    void listsProvidersWithHowTheyFare() {
        dashboard.show("#/providers", "Providers");

        List<Map<String, String>> shown = browser.table("Providers");
        assertThat(shown).extracting(line -> line.get("Id")).containsExactlyInAnyOrder("openai", "house");
        assertThat(shown).allSatisfy(line -> assertThat(line).containsEntry("Kind", "openai"));
        assertThat(shown)
                .filteredOn(line -> line.get("Id").equals("openai"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("Attempts", "0")
                        .containsEntry("Failed", "0")
                        .containsEntry("Credential", "none")
                        .containsEntry("Now", "not asked yet"));
    }

    @Test
    void listsPricesWithTheirTiersAndWhatFollowsFromThem() {
        dashboard.show("#/prices", "Prices");

        List<Map<String, String>> shown = browser.table("Prices in force");
        assertThat(shown)
                .filteredOn(line -> line.get("Provider").equals("openai"))
                .containsExactly(
                        price("–", "$2.50", "$1.25", "$10.00"),
                        // Cached input keeps its half of the input's price.
                        price("64,000", "$5.00", "$2.50", "$15.00"));
        assertThat(shown)
                .filteredOn(line -> line.get("Provider").equals("house"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("Model sent", "big-1")
                        .containsEntry("Input", "–")
                        .containsEntry("From", "no price"));
        assertThat(browser.<List<String>>script(
                        "return [...document.querySelectorAll('main tbody em')].map(em => em.innerText)"))
                .contains("$2.50", "$10.00")
                .doesNotContain("$1.25");
    }

    /** A line of gpt-4o at openai: cache writes cost what input costs, reasoning what output does. */
    private static Map<String, String> price(String above, String input, String cached, String output) {
        return Map.ofEntries(
                Map.entry("Provider", "openai"),
                Map.entry("Model sent", "gpt-4o"),
                Map.entry("Input above", above),
                Map.entry("Input", input),
                Map.entry("Cached", cached),
                Map.entry("Write, 5 min", input),
                Map.entry("Write, 1 h", input),
                Map.entry("Output", output),
                Map.entry("Reasoning", output),
                Map.entry("Fee", "$0.0005"),
                Map.entry("Window", "128,000"),
                Map.entry("Longest output", "16,384"),
                Map.entry("From", "config"));
    }
}
