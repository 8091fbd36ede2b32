package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What clients notice when the ledger's database stands still, dies, is held by somebody else or may not grow: latency at a
 * fixed rate with and without each fault, five times each, interleaved. The queue is so short that rows are dropped during
 * each fault; afterwards rows and dropped rows must be exactly the attempts. Confined to one thread.
 */
final class FaultRounds {

    private static final int ROUNDS = 5;
    private static final int RATE = 2_000;
    private static final int LEAD_MILLIS = 500;
    /** A queue that has room for a second's rows: enough without a fault, also when a load begins, and too little with one. */
    private static final String STORE = "ledger: {queue_rows: 2000}\ncleanup_enabled: false\n";

    private final Path folder;
    private final Plan plan;
    private final Random random = new Random(1);
    private final List<Turn> turns = new ArrayList<>();

    FaultRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Something that is done to a database or its host. */
    private interface Step {
        void run() throws IOException, InterruptedException, SQLException;
    }

    /** A gateway, and where it shows its metrics. */
    private record Keeper(Server server, int admin) {}

    /** One gateway's latency with one fault, or none. */
    private record Turn(String name, Keeper keeper, Step begin, Step end) {}

    /** Measures requests and answers of {@code bytes} bytes. */
    Stats run(int bytes) throws IOException, InterruptedException, SQLException {
        try (Stack stack = new Stack(folder, plan.jvmFlags());
                PostgresRun postgres = PostgresRun.start(Path.of("/usr/lib/postgresql"))) {
            List<Server> servers = new ArrayList<>(List.of(stack.fixedProvider(bytes)));
            List<Keeper> keepers = new ArrayList<>();
            sqlite(keeper(
                    stack, keepers, "gateway sqlite", "storage_uri: \"file:" + folder.resolve("faults.db") + "\"\n"));
            if (postgres == null) {
                System.out.println("skipped: PostgreSQL is not installed (apt-get install postgresql)");
            } else {
                String storage = "storage_type: postgres\nstorage_uri: \"" + postgres.address() + "\"\n";
                postgres(postgres, keeper(stack, keepers, "gateway postgres", storage));
            }
            keepers.forEach(keeper -> servers.add(keeper.server()));
            return rounds(new Contest(servers), keepers, Bodies.request(bytes, false));
        }
    }

    private Keeper keeper(Stack stack, List<Keeper> keepers, String name, String storage) throws IOException {
        int admin = Stack.freePort();
        Keeper keeper = new Keeper(stack.unloggedLedgerGateway(name, admin, plan.transport(), storage + STORE), admin);
        keepers.add(keeper);
        return keeper;
    }

    private void postgres(PostgresRun postgres, Keeper keeper) {
        turns.add(new Turn("postgres", keeper, () -> {}, () -> {}));
        turns.add(new Turn("postgres stopped", keeper, () -> postgres.signal("-STOP"), () -> postgres.signal("-CONT")));
        turns.add(new Turn("postgres killed", keeper, postgres::kill, postgres::start));
    }

    private void sqlite(Keeper keeper) {
        List<Connection> holders = new ArrayList<>();
        turns.add(new Turn("sqlite", keeper, () -> {}, () -> {}));
        turns.add(new Turn(
                "sqlite locked",
                keeper,
                () -> {
                    for (Path month : months()) {
                        Connection holder = DriverManager.getConnection("jdbc:sqlite:" + month);
                        holders.add(holder);
                        try (Statement statement = holder.createStatement()) {
                            statement.execute("BEGIN IMMEDIATE");
                        }
                    }
                },
                () -> {
                    for (Connection holder : holders) {
                        holder.close();
                    }
                    holders.clear();
                }));
        // No file of the process may grow, which fails as a full disk does.
        turns.add(new Turn(
                "sqlite filled",
                keeper,
                () -> keeper.server().limitFiles("4096"),
                () -> keeper.server().limitFiles("unlimited")));
    }

    private List<Path> months() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("faults-\\d{4}-\\d{2}\\.db"))
                    .toList();
        }
    }

    private Stats rounds(Contest contest, List<Keeper> keepers, String body)
            throws IOException, InterruptedException, SQLException {
        Wrk wrk = new Wrk(folder, body, Stack.KEY);
        contest.warmUp(
                plan.requests(),
                server -> wrk.run(server.port(), 64, plan.requests().warmUpSeconds(), Stack.LOAD_CORE));
        // A client's first connections are slow, and so is a gateway's first fault.
        for (Turn turn : turns) {
            one(new Stats(), turn, body);
        }
        Stats stats = new Stats(turns.stream().map(Turn::name).toList());
        for (int round = 0; round < ROUNDS; round++) {
            List<Turn> order = new ArrayList<>(turns);
            Collections.shuffle(order, random);
            for (Turn turn : order) {
                one(stats, turn, body);
            }
        }
        for (Keeper keeper : keepers) {
            assertAllToldOf(keeper);
        }
        return stats;
    }

    private void one(Stats stats, Turn turn, String body) throws IOException, InterruptedException, SQLException {
        Keeper keeper = turn.keeper();
        settle(keeper);
        Scrape before = Scrape.of(keeper.admin());
        byte[] request = StreamRounds.call(keeper.server().port(), "application/json", "", body);
        try (PacedClient client = new PacedClient(keeper.server().port(), request, RATE)) {
            client.start();
            Server.pause(LEAD_MILLIS);
            turn.begin().run();
            PacedClient.Result result = client.measure(plan.latency().seconds() + 1);
            turn.end().run();
            stats.add(turn.name(), "p50 us", result.p50());
            stats.add(turn.name(), "p99 us", result.p99());
            stats.add(turn.name(), "answers/s", result.answers() / result.seconds());
        }
        settle(keeper);
        Scrape after = Scrape.of(keeper.admin());
        stats.add(
                turn.name(),
                "rows dropped",
                after.sum("gateway_ledger_dropped_total") - before.sum("gateway_ledger_dropped_total"));
    }

    /** Waits until the database has taken all that waits. */
    private static void settle(Keeper keeper) throws IOException {
        Server.pause(500);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (Scrape.of(keeper.admin()).value("gateway_ledger_queue_rows") > 0) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(keeper.server().name() + ": rows still wait, the fault is over");
            }
            Server.pause(200);
        }
    }

    private static void assertAllToldOf(Keeper keeper) throws IOException {
        Server.pause(1_000);
        Scrape end = Scrape.of(keeper.admin());
        double rows = end.sum("gateway_ledger_rows_total");
        double dropped = end.sum("gateway_ledger_dropped_total");
        double attempts = end.sum("gateway_attempts_total");
        System.out.printf(
                "%s: %.0f rows + %.0f dropped, %.0f attempts%n", keeper.server().name(), rows, dropped, attempts);
        if (rows + dropped != attempts) {
            throw new IllegalStateException("rows and dropped rows are not the attempts");
        }
    }
}
