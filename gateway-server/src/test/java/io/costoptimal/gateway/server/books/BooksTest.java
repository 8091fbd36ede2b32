package io.costoptimal.gateway.server.books;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.Main;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.postgres.PostgresServer;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.LedgerStores;
import io.costoptimal.gateway.server.simulator.Sold;
import io.costoptimal.gateway.tokens.Encodings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ledger beside the books of simulated providers: random requests through a whole gateway, of three APIs, streamed and
 * not, with failures, cut answers and clients that leave. {@code -Dgateway.books.requests=10000} makes that many, and
 * {@code -Dgateway.books.seed=1} others.
 */
@Timeout(900)
class BooksTest {

    private static final int REQUESTS = Integer.getInteger("gateway.books.requests", 2000);
    private static final long SEED = Long.getLong("gateway.books.seed", 20_261_127);
    private static final int CLIENTS = 16;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int SHOWN = 10;

    @TempDir
    private Path folder;

    @Test
    void theLedgerInSqliteEqualsTheBooksOfTheProviders() throws Exception {
        compare("storage_uri: \"file:" + folder.resolve("usage.db") + "\"\n");
    }

    @Test
    void theLedgerInPostgresEqualsTheBooksOfTheProviders() throws Exception {
        compare("storage_type: postgres\nstorage_uri: \""
                + PostgresServer.shared().address() + "\"\n");
    }

    private void compare(String storage) throws Exception {
        Encodings.load(Encodings.Name.values());
        List<Order> orders = Orders.of(SEED, REQUESTS);
        try (Shop shop = Shop.open(REQUESTS)) {
            Path file = folder.resolve("gateway.yaml");
            Files.writeString(file, shop.yaml(storage));
            GatewayConfig config = ConfigFile.parse("gateway.yaml", Files.readAllBytes(file), folder, Map.of());
            Map<String, Visit> visits;
            try (GatewayServer server = GatewayServer.start(config)) {
                visits = visits(orders, server.address().getPort(), shop);
                // What is still being counted when a gateway closes is estimated.
                server.drain(PATIENCE).get();
            }
            Map<String, List<Row>> rows =
                    rows(config).stream().collect(groupingBy(row -> row.text(Column.CLIENT_REQUEST_ID)));
            Map<String, List<Sold>> books = shop.books();

            Export export = new Export();
            List<String> differences = new ArrayList<>();
            for (Order order : orders) {
                List<Row> its = rows.getOrDefault(order.id(), List.of());
                List<Sold> sold = books.getOrDefault(order.id(), List.of());
                for (String difference : new Audit(order, visits.get(order.id()), export).differences(its, sold)) {
                    differences.add(difference + "\n  of " + order + "\n  " + sold);
                }
            }
            print(rows.values().stream().flatMap(List::stream).toList());
            assertThat(differences.size() + " differences, seed " + SEED + ":\n"
                            + String.join("\n", differences.subList(0, Math.min(SHOWN, differences.size()))))
                    .isEqualTo("0 differences, seed " + SEED + ":\n");
            reconcile(file, export.openAi(), ": 0 of ");
            reconcile(file, export.anthropic(), ": 0 of ");
            reconcile(file, export.openAi().replaceFirst("output_tokens\":", "output_tokens\":1"), ": 1 of ");
        }
    }

    /** The command says so, too. */
    private void reconcile(Path config, String figures, String verdict) throws Exception {
        Path file = folder.resolve("figures.json");
        Files.writeString(file, figures);
        StringWriter out = new StringWriter();
        Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(Writer.nullWriter()))
                .execute("usage", "reconcile", file.toString(), "--config", config.toString());
        assertThat(out.toString()).contains(verdict);
    }

    /** What each client got. */
    private static Map<String, Visit> visits(List<Order> orders, int port, Shop shop) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            Map<String, Future<Visit>> running = new TreeMap<>();
            for (Order order : orders) {
                running.put(
                        order.id(), clients.submit(() -> Visit.make(order, port, () -> untilSeen(shop, order.id()))));
            }
            Map<String, Visit> visits = new TreeMap<>();
            for (Map.Entry<String, Future<Visit>> each : running.entrySet()) {
                visits.put(each.getKey(), each.getValue().get());
            }
            return visits;
        } finally {
            clients.shutdownNow();
        }
    }

    private static void untilSeen(Shop shop, String id) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (shop.quiet.seen().stream().noneMatch(seen -> id.equals(seen.header("x-request-id")))) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(id + " never reached its provider");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static List<Row> rows(GatewayConfig config) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (LedgerStore store = LedgerStores.store(config.ledger())) {
            store.queries(Duration.ofMinutes(1)).forEach(new Filter(0, Long.MAX_VALUE, Map.of()), rows::add);
        }
        rows.sort(Comparator.comparing(row -> row.number(Column.ATTEMPT)));
        return rows;
    }

    private static void print(List<Row> rows) {
        for (Column column :
                List.of(Column.TOKEN_SOURCE, Column.OUTCOME, Column.FAILURE, Column.OPERATION, Column.DECISION)) {
            System.out.println(column.word() + " "
                    + rows.stream()
                            .collect(groupingBy(
                                    row -> String.valueOf(row.text(column)), TreeMap::new, Collectors.counting())));
        }
        System.out.println("requests " + REQUESTS + ", attempts " + rows.size() + ", seed " + SEED);
    }
}
