package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.Gap;
import io.costoptimal.gateway.server.ledger.LedgerQueries;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Grouping;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Sum;
import io.costoptimal.gateway.server.ledger.postgres.PostgresServer;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole gateway whose ledger's database stands still, dies or is held by somebody else while requests come: each is answered,
 * and afterwards the database tells of each, in a row or in a gap.
 */
@Timeout(300)
class LedgerFaultsTest {

    private static final int CLIENTS = 8;
    private static final int BEFORE = 300;
    /** Far more than the queue has room for. */
    private static final int MEANWHILE = 4_000;

    private static final int AFTER = 300;
    private static final int QUEUE = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    /** What happens to the database. */
    private interface Fault {
        void begin() throws Exception;

        void end() throws Exception;
    }

    @Test
    void aPostgresThatStandsStillCostsRowsThatItTellsOfLater() throws Exception {
        try (PostgresServer postgres = PostgresServer.own()) {
            assertAllToldOf(inPostgres(postgres.address()), new Fault() {
                @Override
                public void begin() throws Exception {
                    postgres.signal("-STOP");
                }

                @Override
                public void end() throws Exception {
                    postgres.signal("-CONT");
                }
            });
        }
    }

    @Test
    void aPostgresThatIsKilledAndComesBackTellsOfEveryAttempt() throws Exception {
        try (PostgresServer postgres = PostgresServer.own()) {
            assertAllToldOf(inPostgres(postgres.address()), new Fault() {
                @Override
                public void begin() throws Exception {
                    postgres.kill();
                }

                @Override
                public void end() throws Exception {
                    postgres.start();
                }
            });
        }
    }

    @Test
    void aFileThatSomebodyElseLocksCostsRowsThatItTellsOfLater() throws Exception {
        List<Connection> holders = new ArrayList<>();
        assertAllToldOf("storage_uri: \"file:" + folder.resolve("usage.db") + "\"", new Fault() {
            @Override
            public void begin() throws Exception {
                for (Path month : months()) {
                    Connection holder = DriverManager.getConnection("jdbc:sqlite:" + month);
                    holders.add(holder);
                    execute(holder, "BEGIN IMMEDIATE");
                }
            }

            @Override
            public void end() throws Exception {
                for (Connection holder : holders) {
                    execute(holder, "ROLLBACK");
                    holder.close();
                }
            }
        });
    }

    private static void execute(Connection connection, String sql) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<Path> months() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("usage-\\d{4}-\\d{2}\\.db"))
                    .toList();
        }
    }

    private static String inPostgres(String address) {
        return "storage_type: postgres\nstorage_uri: \"" + address + "\"";
    }

    private void assertAllToldOf(String storage, Fault fault) throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS)) {
            GatewayConfig config = config(storage, provider);
            try (GatewayServer server = GatewayServer.start(config)) {
                int port = server.address().getPort();
                ask(port, BEFORE);
                // It writes, so that the fault meets a connection that is in use.
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (rows(config) == 0) {
                    assertThat(System.nanoTime()).as("a row is written").isLessThan(deadline);
                    LockSupport.parkNanos(10_000_000);
                }
                fault.begin();
                try {
                    ask(port, MEANWHILE);
                } finally {
                    fault.end();
                }
                ask(port, AFTER);
            }
            long rows = rows(config);
            long missing = missing(config);
            assertThat(rows + missing).isEqualTo(BEFORE + MEANWHILE + AFTER);
            assertThat(missing).as("attempts in gaps").isPositive();
            assertThat(rows).isGreaterThanOrEqualTo(QUEUE);
            assertThat(rolledUp(config)).isEqualTo(rows);
        }
    }

    private GatewayConfig config(String storage, SimulatedProvider provider) throws Exception {
        String yaml = """
                listen: 127.0.0.1:0
                event_loops: 2
                api_keys: [{key: faults-key, name: faults}]
                providers: [{id: p, base_url: "%s/v1"}]
                default_provider: p
                save_usage: true
                %s
                ledger: {queue_rows: %d}
                """.formatted(provider.base(), storage, QUEUE);
        return ConfigFile.parse("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8), folder, Map.of());
    }

    /** Makes requests, each of which has to be answered well. */
    private static void ask(int port, int requests) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .header("Authorization", "Bearer faults-key")
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"sim-small\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"))
                .build();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                answers.add(clients.submit(
                        () -> client.send(request, BodyHandlers.ofString()).statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private interface Question {
        long ask(LedgerQueries queries) throws Exception;
    }

    private static long of(GatewayConfig config, Question question) throws Exception {
        try (LedgerStore store = LedgerStores.store(config.ledger())) {
            return question.ask(store.queries(PATIENCE));
        }
    }

    private static long rows(GatewayConfig config) throws Exception {
        AtomicLong rows = new AtomicLong();
        return of(config, queries -> {
            queries.forEach(new Filter(0, Long.MAX_VALUE, Map.of()), row -> rows.incrementAndGet() > 0);
            return rows.get();
        });
    }

    private static long rolledUp(GatewayConfig config) throws Exception {
        return of(
                config,
                queries ->
                        queries.summary(new Filter(0, Long.MAX_VALUE, Map.of()), new Grouping(List.of(), null)).stream()
                                .mapToLong(line -> line.sums().sum(Sum.ATTEMPTS))
                                .sum());
    }

    private static long missing(GatewayConfig config) throws Exception {
        return of(
                config,
                queries -> queries.gaps(0, Long.MAX_VALUE).stream()
                        .mapToLong(Gap::count)
                        .sum());
    }
}
