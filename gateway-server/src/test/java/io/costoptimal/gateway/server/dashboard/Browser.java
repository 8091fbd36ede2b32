package io.costoptimal.gateway.server.dashboard;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real Chromium without a window. One thread; closing ends it. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String NOTE_SHIFTS = """
            window.shifts = [];
            new PerformanceObserver(list => list.getEntries().forEach(shift => window.shifts.push(
                shift.sources.map(source => source.node?.outerHTML ?? 'gone').join('; '))))
                .observe({type: 'layout-shift'});
            """;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts one; the test is skipped where there is none. */
    static Browser start() {
        Optional<File> chromium = command("chromium");
        Optional<File> chromedriver = command("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && chromedriver.isPresent(), "chromium or chromedriver is not installed");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.get());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // Refuses to run as root otherwise; it only ever sees pages of this program.
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--no-proxy-server",
                "--window-size=1280,1000");
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.get())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", NOTE_SHIFTS));
        return new Browser(driver);
    }

    private static Optional<File> command(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, name))
                .filter(File::canExecute)
                .findFirst();
    }

    /** For what the methods here do not do. */
    ChromeDriver driver() {
        return driver;
    }

    /** Goes to an address, and anew if that is where it is. */
    void open(String url) {
        driver.get("about:blank");
        driver.get(url);
    }

    /** Waits until {@code css} is there and returns the first. */
    WebElement await(String css) {
        return new WebDriverWait(driver, PATIENCE)
                .until(d ->
                        d.findElements(By.cssSelector(css)).stream().findFirst().orElse(null));
    }

    /** Waits until the title of the view is {@code title} and everything it shows is there. */
    void awaitView(String title) {
        new WebDriverWait(driver, PATIENCE)
                .until(d -> Boolean.TRUE.equals(driver.executeScript(
                        "return document.querySelector('main:not([aria-busy]) h1')?.innerText === arguments[0]",
                        title)));
    }

    /** Waits until the view says {@code text}. */
    void awaitText(String text) {
        new WebDriverWait(driver, PATIENCE)
                .until(d -> Boolean.TRUE.equals(driver.executeScript(
                        "return document.querySelector('main').innerText.includes(arguments[0])", text)));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    WebElement one(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    /** The box that has {@code title}. */
    WebElement panel(String title) {
        return driver.findElement(By.xpath(
                "//*[contains(concat(' ', @class, ' '), ' panel ')][.//h2[normalize-space()='" + title + "']]"));
    }

    /** What is in the table of a box, by the texts of its head; the table is opened where it is closed. */
    List<Map<String, String>> table(String title) {
        WebElement panel = panel(title);
        panel.findElements(By.cssSelector("details:not([open]) > summary")).stream()
                .findFirst()
                .ifPresent(WebElement::click);
        new WebDriverWait(driver, PATIENCE)
                .until(d -> !panel.findElements(By.cssSelector("table")).isEmpty());
        // Lists, not objects: chromedriver takes an object that has a member "Window" for a window.
        List<List<String>> lines = script("""
                const texts = (row, cells) => [...row.querySelectorAll(cells)].map(cell => cell.innerText.trim());
                const table = arguments[0].querySelector('table');
                return [texts(table.tHead, 'th'), ...[...table.tBodies[0].rows].map(row => texts(row, 'th, td'))];
                """, panel);
        return lines.subList(1, lines.size()).stream()
                .map(cells -> line(lines.get(0), cells))
                .toList();
    }

    private static Map<String, String> line(List<String> head, List<String> cells) {
        Map<String, String> line = new LinkedHashMap<>();
        for (int i = 0; i < cells.size(); i++) {
            line.put(head.get(i), cells.get(i));
        }
        return line;
    }

    /** Names and values of a box. */
    Map<String, String> facts(String title) {
        return script("""
                return Object.fromEntries([...arguments[0].querySelectorAll('.facts > div')].map(fact =>
                    [fact.querySelector('dt').innerText, fact.querySelector('dd').innerText]));
                """, panel(title));
    }

    @SuppressWarnings("unchecked")
    <T> T script(String script, Object... arguments) {
        return (T) driver.executeScript(script, arguments);
    }

    /** Shows pages in light or dark, as the system would prefer. */
    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Shows pages as wide as {@code width} pixels; 0 as wide as the window. */
    void width(int width) {
        driver.executeCdpCommand(
                width == 0 ? "Emulation.clearDeviceMetricsOverride" : "Emulation.setDeviceMetricsOverride",
                width == 0 ? Map.of() : Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", false));
    }

    /** What the page has said to the console since this was last asked. Violations of the page's policy are there too. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What of the page has moved since it was first painted, though nobody had touched it. */
    List<String> shifts() {
        Object shifts = driver.executeAsyncScript("""
                const done = arguments[0];
                requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(window.shifts))));
                """);
        return ((List<?>) shifts).stream().map(String::valueOf).toList();
    }

    /**
     * What keeps people from using the page that is shown, by the rules of WCAG 2.2 AA and good practice.
     *
     * @param options of axe-core, as JavaScript
     */
    List<String> obstacles(String options) throws IOException {
        try (InputStream axe = Browser.class.getResourceAsStream("/axe.min.js")) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, OPTIONS).then(
                    result => done(result.violations.flatMap(rule =>
                        rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`))),
                    problem => done([String(problem)]));
                """.replace("OPTIONS", options));
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
