package io.costoptimal.gateway.load;

import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Line;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.RollUp;
import io.costoptimal.gateway.server.ledger.Sum;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The command {@code benchmarks/ledger [rows] [folder]}: twelve months of rows into SQLite, the dashboard's calls over them,
 * {@code sqlite3} on a file that is being written, and the first month let go of. Every sum is compared with the rows.
 */
public final class LedgerBench {

    private static final int LIVE_ROWS = 200_000;
    private static final Filter ALL = new Filter(0, Long.MAX_VALUE, Map.of());

    private final Path folder;
    private final Instant now = Instant.now();
    private final Stats stats = new Stats();

    private LedgerBench(Path folder) {
        this.folder = folder;
    }

    /** @param args how many rows, 10 million without; the folder of the ledger, a temporary one without */
    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
        Path folder = Files.createTempDirectory(
                args.length > 1
                        ? Files.createDirectories(Path.of(args[1]))
                        : Path.of(System.getProperty("java.io.tmpdir")),
                "gateway-ledger");
        try {
            new LedgerBench(folder).run(rows);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Collections.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private void run(int rows) throws Exception {
        String lastRequest;
        RollUp written;
        try (LedgerStore store = store()) {
            LedgerFill fill = new LedgerFill(store);
            months(fill, rows);
            live(fill);
            written = fill.written();
            lastRequest = fill.lastRequest();
        }
        System.out.println(megabytes() + " MB");
        equal(written);
        Stats pages = LedgerPages.ask(folder, address(), now, lastRequest);
        retention();
        equal(written);
        Report report = new Report(Path.of("benchmarks", "results", "ledger"));
        report.keep(rows + " rows, written", stats);
        report.keep(rows + " rows, read", pages);
        System.out.println(worst(pages));
    }

    /** A twelfth of the rows into each month; the present one has had less time for them. */
    private void months(LedgerFill fill, int rows) throws LedgerException {
        for (int i = 0; i < LedgerFill.MONTHS; i++) {
            YearMonth month = LedgerFill.month(now, i);
            long to = Math.min(now.toEpochMilli(), LedgerFill.startOf(month.plusMonths(1)));
            int count = rows / LedgerFill.MONTHS;
            List<Long> times = fill.write(LedgerFill.startOf(month), to, count);
            add("insert", times, count);
            System.out.printf(Locale.ROOT, "%s: %,.0f rows/s%n", month, stats.last("insert", "rows/s"));
        }
    }

    private void add(String name, List<Long> times, int count) {
        long nanos = times.stream().mapToLong(Long::longValue).sum();
        stats.add(name, "rows/s", count * 1e9 / nanos);
        stats.add(name, "slowest batch ms", Collections.max(times) / 1e6);
    }

    /** {@code sqlite3} adds up the present month while rows come. */
    private void live(LedgerFill fill) throws Exception {
        if (!Stack.onPath("sqlite3")) {
            System.out.println("sqlite3: not installed, not measured");
            return;
        }
        Path file = folder.resolve("usage-" + YearMonth.from(now.atOffset(ZoneOffset.UTC)) + ".db");
        long before = System.nanoTime();
        Process reader = new ProcessBuilder(
                        "sqlite3",
                        "-readonly",
                        "-cmd",
                        ".timeout 5000",
                        file.toString(),
                        "SELECT (SELECT count(*) FROM attempts) - (SELECT sum(attempts) FROM rollups)")
                .redirectErrorStream(true)
                .start();
        add(
                "insert while sqlite3 reads",
                fill.write(now.toEpochMilli(), now.toEpochMilli() + 1_000, LIVE_ROWS),
                LIVE_ROWS);
        String said = new String(reader.getInputStream().readAllBytes()).strip();
        if (reader.waitFor() != 0 || !said.equals("0")) {
            throw new IllegalStateException("sqlite3: " + said);
        }
        stats.add("sqlite3 over the live month", "ms", (System.nanoTime() - before) / 1e6);
    }

    /** Lets go of the oldest months, one after the other, three of them. */
    private void retention() throws LedgerException {
        try (LedgerStore store = store()) {
            for (int i = 1; i <= 3; i++) {
                long before = System.nanoTime();
                store.expire(LedgerFill.startOf(LedgerFill.month(now, i)));
                stats.add("retention of a month", "ms", (System.nanoTime() - before) / 1e6);
            }
        }
        if (Files.exists(folder.resolve("usage-" + LedgerFill.month(now, 0) + ".db"))) {
            throw new IllegalStateException("the first month is still there");
        }
    }

    /** Roll-ups add up to what was written. */
    private void equal(RollUp written) throws LedgerException {
        try (LedgerStore store = store()) {
            List<Line> lines = store.queries(null).summary(ALL, new Grouping(List.of(), null));
            for (Sum sum : Sum.ALL) {
                if (lines.get(0).sums().sum(sum) != written.sum(sum)) {
                    throw new IllegalStateException(
                            sum + ": " + lines.get(0).sums().sum(sum) + " (expected: " + written.sum(sum) + ")");
                }
            }
        }
    }

    private LedgerStore store() {
        return new SqliteStore(SqliteFiles.of(address()), Clock.fixed(now, ZoneOffset.UTC));
    }

    private String address() {
        return "file:" + folder.resolve("usage.db");
    }

    private long megabytes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum() / 1_000_000;
        }
    }

    private static String worst(Stats pages) {
        StringBuilder out = new StringBuilder("| call | median ms | worst ms |\n|---|---:|---:|\n");
        for (String call : pages.proxies()) {
            List<Double> times = pages.all(call, "ms").stream().sorted().toList();
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f |%n",
                    call,
                    times.get(times.size() / 2),
                    times.get(times.size() - 1)));
        }
        return out.toString();
    }
}
