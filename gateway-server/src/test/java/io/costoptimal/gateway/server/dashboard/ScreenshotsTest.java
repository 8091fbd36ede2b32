package io.costoptimal.gateway.server.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;

/**
 * Takes the pictures of {@code docs/img} from a real run of {@code demo --traffic}. Runs only when asked for: {@code
 * CONTRIBUTING.md} has the command.
 */
@Timeout(180)
@EnabledIfSystemProperty(named = "gateway.screenshots", matches = ".+")
class ScreenshotsTest {

    private static final Pattern DASHBOARD = Pattern.compile("(http://\\S+)/dashboard/  admin key (\\S+)$");
    private static final Pattern SAVED = Pattern.compile("\"saved_first_choice_nano_usd\":(\\d+)");
    private static final long DOLLAR = 1_000_000_000;
    /** Nearly enough to save a dollar; the ledger is asked only then. */
    private static final int REQUESTS = 100;

    private static final int MOST_BYTES = 200_000;
    private static final int MARGIN = 16;

    @Test
    void takesThePicturesOfTheDocumentation() throws Exception {
        Path folder = Files.createDirectories(Path.of(System.getProperty("gateway.screenshots")));
        try (Browser browser = Browser.start();
                ServerRun demo = ServerRun.start(Map.of(), "demo", "--port", "0", "--admin-port", "0", "--traffic")) {
            Matcher dashboard = DASHBOARD.matcher(demo.await(line -> line.startsWith("dashboard ")));
            assertThat(dashboard.find()).isTrue();
            String admin = dashboard.group(1);
            AtomicInteger requests = new AtomicInteger();
            demo.await(line -> line.contains("\"model\":\"demo") && requests.incrementAndGet() == REQUESTS);
            awaitADollar(admin, dashboard.group(2));

            browser.open(admin + "/dashboard/login.html");
            browser.await("#key").sendKeys(dashboard.group(2), Keys.ENTER);
            browser.awaitView("Spend");
            take(browser, folder, "spend", "Outcomes of attempts");

            browser.open(admin + "/dashboard/#/requests?model=demo-failover");
            browser.awaitView("Requests");
            browser.panel("Attempts").findElement(By.cssSelector("tbody a")).click();
            browser.awaitView("Request");
            take(browser, folder, "request", "Attempts");
            assertThat(browser.console()).isEmpty();
        }
    }

    private static void awaitADollar(String admin, String key) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(admin + "/usage/summary"))
                .header("Authorization", "Bearer " + key)
                .build();
        Matcher saved;
        do {
            saved = SAVED.matcher(client.send(request, BodyHandlers.ofString()).body());
        } while (!saved.find() || Long.parseLong(saved.group(1)) < DOLLAR);
    }

    /** The view that is shown, down to the end of the box {@code last}, in light and dark. */
    private static void take(Browser browser, Path folder, String name, String last) throws Exception {
        Number bottom = browser.script("return arguments[0].getBoundingClientRect().bottom", browser.panel(last));
        browser.driver().executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
        browser.driver()
                .executeCdpCommand(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of(
                                "width",
                                1280,
                                "height",
                                bottom.intValue() + MARGIN,
                                "deviceScaleFactor",
                                1,
                                "mobile",
                                false));
        for (String scheme : new String[] {"light", "dark"}) {
            browser.prefer(scheme);
            browser.shifts(); // Two frames later everything is drawn in these colours.
            byte[] picture = browser.driver().getScreenshotAs(OutputType.BYTES);
            assertThat(picture.length).isLessThan(MOST_BYTES);
            Files.write(folder.resolve("dashboard-" + name + "-" + scheme + ".png"), picture);
        }
    }
}
