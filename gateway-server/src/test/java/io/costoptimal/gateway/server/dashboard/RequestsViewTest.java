package io.costoptimal.gateway.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** The lists of attempts and all that is known of one request, beside the attempts themselves. */
@Timeout(120)
@ExtendWith(Dashboard.Extension.class)
class RequestsViewTest {

    private final Dashboard dashboard;
    private final Browser browser;

    RequestsViewTest(Dashboard dashboard) {
        this.dashboard = dashboard;
        browser = dashboard.browser();
    }

    /** What the page's policy forbids shows in the console, and so does every mistake of a script. */
    @AfterEach
    void leavesTheConsoleEmpty() {
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void pagesBackThroughAttemptsByTheNewestFirst() throws IOException {
        dashboard.show("#/requests?model=gpt-4o", "Requests");
        List<Map<String, String>> newest = browser.table("Attempts");
        browser.one("button[name=older]").click();
        browser.await("button[name=newest]");
        List<Map<String, String>> older = browser.table("Attempts");

        assertThat(newest).hasSize(40);
        assertThat(older).hasSize(3);
        assertThat(newest.get(0)).containsEntry("Started (UTC)", "21 Nov 2026 15:39:33");
        assertThat(browser.all("button[name=older]")).isEmpty();
    }

    @Test
    void findsAttemptsByFilter() {
        dashboard.show("#/requests", "Requests");

        browser.one("input[name=provider]").sendKeys("openai");
        browser.one("input[name=outcome]").sendKeys("failed", Keys.ENTER);
        browser.await("a[href='#/requests/req_05']");

        assertThat(browser.table("Attempts"))
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).containsEntry("Provider", "openai"));
        assertThat(browser.driver().getCurrentUrl()).contains("provider=openai", "outcome=failed");
    }

    @Test
    void showsAFailoverWithItsDecision() {
        dashboard.show("#/requests/req_30", "Request");

        assertThat(browser.table("Attempts"))
                .extracting(line -> line.get("Attempt") + " " + line.get("Provider") + " " + line.get("Outcome") + " "
                        + line.get("Began after") + " " + line.get("First byte") + " " + line.get("Total") + " "
                        + line.get("Cost"))
                .containsExactly(
                        "1 cheap failed 429 status 1 ms 5 ms 6 ms $0.00",
                        "2 openai completed 200 7 ms 15 ms 22 ms $0.0135");
        assertThat(browser.one(".verdict").getText()).startsWith("proven No other candidate could have cost less");
        assertThat(browser.facts("Decision"))
                .containsEntry("Cost foreseen", "$0.000001 to $0.000002")
                .containsEntry("Regret, at most", "$0.00")
                .containsEntry("Rule", "models[0]");
    }

    @Test
    void saysWhatAnAttemptThatGotNoAnswerMayHaveCost() {
        dashboard.show("#/requests/req_10", "Request");

        assertThat(browser.facts("Attempt 1: openai"))
                .containsEntry("Cost", "$0.00")
                .containsEntry("Possible cost", "$0.01")
                .containsEntry("Tokens are", "none");
    }

    @Test
    void saysThatACostIsPartial() {
        dashboard.show("#/requests/req_12", "Request");

        assertThat(browser.facts("Attempt 1: anthropic").get("Cost"))
                .endsWith("(partial: the price or the rate of something is not known)");
    }

    @Test
    void showsNamesThatClientsChoseAsText() {
        dashboard.show("#/requests/req_44", "Request");

        assertThat(browser.facts("Request"))
                .containsEntry("Model asked", "<img src=x onerror=alert(1)>")
                .containsEntry("Model configured", "other");
        assertThat(browser.facts("Attempt 1: house"))
                .containsEntry("Cost", "– (no price)")
                .containsEntry("Price", "none");
        assertThat(browser.all("main img")).isEmpty();
    }

    @Test
    void saysThatThereIsNoSuchRequest() {
        browser.open(dashboard.page("#/requests/req_99"));

        browser.awaitView("Error");
        assertThat(browser.one("main").getText()).contains("req_99");
        assertThat(browser.console()).singleElement().asString().contains("404");
    }
}
