package io.costoptimal.gateway.server.dashboard;

import static io.costoptimal.gateway.server.dashboard.Dashboard.DAYS;
import static io.costoptimal.gateway.server.dashboard.LedgerServer.ADMIN_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Who is let in, and whether everybody can use what is there. */
@Timeout(120)
@ExtendWith(Dashboard.Extension.class)
class DashboardPagesTest {

    private final Dashboard dashboard;
    private final Browser browser;

    DashboardPagesTest(Dashboard dashboard) {
        this.dashboard = dashboard;
        browser = dashboard.browser();
    }

    /** What the page's policy forbids shows in the console, and so does every mistake of a script. */
    @AfterEach
    void leavesTheConsoleEmpty() {
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void letsNobodyInWithAWrongKeyAndSaysSo() {
        dashboard.show("#/requests", "Requests");
        browser.one("#logout").click();
        browser.await("#login");

        dashboard.logIn("wrong");

        assertThat(browser.await(".problem:not(:empty)").getText()).isEqualTo("This is not an admin key.");
        assertThat(browser.console()).singleElement().asString().contains("/login", "401");
    }

    @Test
    void leadsBackToThePageThatWasWantedWhenTheSessionHasEnded() {
        dashboard.show("#/requests?outcome=cut", "Requests");
        browser.driver().manage().deleteAllCookies();

        browser.driver().navigate().refresh();
        browser.await("#login");

        assertThat(browser.one("#reason").isDisplayed()).isTrue();
        dashboard.logIn(ADMIN_KEY);
        browser.awaitView("Requests");
        assertThat(browser.table("Attempts")).hasSize(1);
        assertThat(browser.console()).singleElement().asString().contains("/usage", "401");
    }

    @Test
    void saysNothingOfASessionToWhoeverHadNone() {
        browser.driver().manage().deleteAllCookies();

        browser.open(dashboard.page("#/requests?outcome=cut"));
        browser.await("#login");

        assertThat(browser.one("#reason").isDisplayed()).isFalse();
        dashboard.logIn(ADMIN_KEY);
        browser.awaitView("Requests");
        assertThat(browser.table("Attempts")).hasSize(1);
        assertThat(browser.console()).singleElement().asString().contains("/usage", "401");
    }

    @Test
    void showsNothingToWhoeverHasLoggedOut() {
        dashboard.show("#/requests", "Requests");
        browser.one("#logout").click();
        browser.await("#login");

        browser.open(dashboard.page("#/requests"));

        browser.await("#login");
        assertThat(browser.one("#reason").isDisplayed()).isFalse();
        assertThat(browser.console()).singleElement().asString().contains("/usage", "401");
    }

    /** Tab, arrows and Enter are enough to come to every figure. */
    @Test
    void isUsableWithoutAMouse() {
        dashboard.show("#/?" + DAYS, "Spend");

        press(Keys.TAB);
        assertThat(focused()).isEqualTo("Skip to the content");
        press(Keys.ENTER, Keys.TAB);
        assertThat(focusedValue()).isEqualTo("custom");
        press(Keys.ARROW_LEFT);
        browser.await("input[name=range][value='12mo']:checked");
        browser.awaitView("Spend");
        assertThat(focusedValue()).isEqualTo("12mo");

        dashboard.show("#/?" + DAYS, "Spend");
        WebElement summary = browser.panel("Saved").findElement(By.tagName("summary"));
        summary.sendKeys(Keys.ENTER);
        assertThat(browser.table("Saved")).hasSize(48);

        browser.one("nav a[href='#/requests']").sendKeys(Keys.ENTER);
        browser.awaitView("Requests");
        assertThat(focused()).isEqualTo("Requests");
        assertThat(browser.one("nav a[aria-current]").getText()).isEqualTo("Requests");
    }

    private void press(CharSequence... keys) {
        for (CharSequence key : keys) {
            new Actions(browser.driver()).sendKeys(key).perform();
        }
    }

    private String focused() {
        return browser.script("return document.activeElement.innerText");
    }

    private String focusedValue() {
        return browser.script("return document.activeElement.value");
    }

    @Test
    void isDarkWhereTheSystemIsUnlessToldOtherwise() {
        dashboard.show("#/requests", "Requests");
        String light = background();
        browser.prefer("dark");
        String dark = background();
        assertThat(dark).isNotEqualTo(light);

        browser.one("#theme").click(); // From the system's to light.
        assertThat(background()).isEqualTo(light);
        browser.driver().navigate().refresh();
        browser.awaitView("Requests");
        assertThat(background()).isEqualTo(light);
        assertThat(browser.one("#theme").getText()).isEqualTo("Theme: light");

        browser.one("#theme").click();
        browser.prefer("light");
        assertThat(background()).isEqualTo(dark);
    }

    private String background() {
        return browser.script("return getComputedStyle(document.body).backgroundColor");
    }

    static List<String> views() {
        return List.of(
                "#/?" + DAYS,
                "#/?range=custom&from=2026-11-21&to=2026-11-20",
                "#/requests",
                "#/requests/req_30",
                "#/live",
                "#/providers",
                "#/prices",
                "login.html?ended");
    }

    @ParameterizedTest
    @MethodSource("views")
    void keepsNobodyFromUsingIt(String view) throws IOException {
        browser.open(dashboard.page(view));
        browser.await("main:not([aria-busy]) h1");
        browser.all("summary").forEach(WebElement::click);

        assertThat(browser.obstacles("{}")).isEmpty();
        browser.prefer("dark");
        // Only colours differ.
        assertThat(browser.obstacles("{runOnly: ['color-contrast']}"))
                .as("dark")
                .isEmpty();
    }

    /** The page is as wide as a small telephone, and nothing has moved since it was first painted. */
    @ParameterizedTest
    @MethodSource("views")
    void fitsASmallScreenAndStandsStill(String view) {
        browser.width(360);
        browser.open(dashboard.page(view));
        browser.await("main:not([aria-busy]) h1");

        Number width = browser.script("return document.documentElement.scrollWidth");
        assertThat(width.intValue()).isLessThanOrEqualTo(360);
        assertThat(browser.shifts()).isEmpty();
    }
}
