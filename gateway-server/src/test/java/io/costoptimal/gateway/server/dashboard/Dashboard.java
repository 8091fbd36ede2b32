package io.costoptimal.gateway.server.dashboard;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.ledger.LedgerException;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;

/**
 * A real gateway whose ledger holds {@link FiftyAttempts}, and a browser before it; one for all tests of a run, which begin with a
 * fresh session. One thread.
 */
final class Dashboard implements AutoCloseable {

    /** The two days of the attempts, in the page's address. */
    static final String DAYS = "range=custom&from=2026-11-20&to=2026-11-21";

    private final LedgerServer server;
    private final Browser browser;

    private Dashboard(LedgerServer server, Browser browser) {
        this.server = server;
        this.browser = browser;
    }

    /** Hands it to tests. */
    static final class Extension implements ParameterResolver, BeforeEachCallback {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Dashboard.class;
        }

        @Override
        public Dashboard resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return dashboard(context);
        }

        @Override
        public void beforeEach(ExtensionContext context) throws Exception {
            dashboard(context).begin();
        }

        /** Closed by JUnit when the run is over. */
        private static Dashboard dashboard(ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(Dashboard.class))
                    .computeIfAbsent(Dashboard.class, key -> start(), Dashboard.class);
        }
    }

    private static Dashboard start() {
        Browser browser = Browser.start();
        try {
            return new Dashboard(LedgerServer.start(Files.createTempDirectory("dashboard")), browser);
        } catch (IOException | ConfigException | LedgerException e) {
            browser.close();
            throw new AssertionError(e.getMessage(), e);
        }
    }

    Browser browser() {
        return browser;
    }

    LedgerServer server() {
        return server;
    }

    /** The address of a page, such as {@code #/requests}. */
    String page(String name) {
        return server.admin() + "/dashboard/" + name;
    }

    /** As for somebody who has never been here, and has just logged in. */
    private void begin() throws IOException, InterruptedException {
        browser.width(0);
        browser.prefer("light");
        browser.open(page("icon.svg"));
        browser.driver().manage().deleteAllCookies();
        browser.script("localStorage.clear()");
        browser.driver().manage().addCookie(new Cookie("session", server.session()));
        browser.console();
    }

    /** Fills in the login page, which is shown. */
    void logIn(String key) {
        browser.await("#key").sendKeys(key, Keys.ENTER);
    }

    /** Opens a view and waits for it. */
    void show(String address, String title) {
        browser.open(page(address));
        browser.awaitView(title);
    }

    @Override
    public void close() {
        browser.close();
        server.close();
    }
}
