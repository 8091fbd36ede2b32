package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a ledger costs: the gateway with access log, metrics and a ledger in SQLite beside one with log and metrics alone and
 * one with none of them, and nginx with and without its own access log. Each several times as a new process, because two of
 * the same program differ. A turn in which a row was dropped does not count.
 *
 * <p>The CPU of event loops, of the journal's thread and of the ledger's is told apart by the names of the threads. Confined to
 * one thread.
 */
final class LedgerRounds {

    private static final int CONNECTIONS = 64;
    private static final int INTERVAL_MILLIS = 50;
    private static final String LEDGER = LogRounds.LOGGING + " ledger";
    private static final List<String> SETTINGS = List.of(LEDGER, LogRounds.LOGGING);

    private static final String LOOPS = "loops us/request";
    private static final String PER_REQUEST = "cpu us/request";
    private static final String PER_EVENT = "cpu us/event";

    /** How Netty calls the threads of a group, as far as every JVM tells the system. */
    private static final String LOOP_THREADS = "multiTh";

    private static final String JOURNAL_THREAD = "journal";
    private static final String LEDGER_THREAD = "ledger";

    private final Path folder;
    private final Plan plan;

    LedgerRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** The servers of one process each, and where the one with a ledger shows its metrics. */
    private record Beside(Stack stack, Contest contest, int admin) {}

    /** Measures requests and answers of {@code bytes} bytes. */
    Stats requests(int bytes) throws IOException, InterruptedException {
        Stats stats = null;
        Plan.Part part = plan.requests();
        Wrk wrk = new Wrk(folder, Bodies.request(bytes, false), Stack.KEY);
        for (int process = 0; process < plan.ledgerProcesses(); process++) {
            try (Stack stack = new Stack(folder, plan.jvmFlags())) {
                Beside beside = beside(stack, stack.fixedProvider(bytes), true);
                beside.contest().warmUp(part, server -> {
                    wrk.run(server.port(), CONNECTIONS, part.warmUpSeconds(), Stack.LOAD_CORE);
                    settle(beside, server);
                });
                stats = stats == null ? new Stats(beside.contest().names()) : stats;
                Stats kept = stats;
                for (int round = 0; round < part.rounds(); round++) {
                    beside.contest().rounds(1, server -> turn(kept, wrk, beside, server));
                    compare(kept, beside.contest(), LOOPS);
                    compare(kept, beside.contest(), PER_REQUEST);
                }
            }
        }
        return stats;
    }

    /** Measures {@code streams} streams. */
    Stats streams(int streams) throws IOException, InterruptedException {
        Stats stats = null;
        Plan.Part part = plan.streams();
        for (int process = 0; process < plan.ledgerStreamProcesses(); process++) {
            try (Stack stack = new Stack(folder, plan.jvmFlags())) {
                Beside beside = beside(stack, stack.streamingProvider(), false);
                beside.contest().warmUp(part, server -> StreamRounds.warmUp(server, streams, part.warmUpSeconds()));
                stats = stats == null ? new Stats(beside.contest().names()) : stats;
                Stats kept = stats;
                for (int round = 0; round < part.rounds(); round++) {
                    beside.contest()
                            .rounds(
                                    1,
                                    server -> StreamRounds.one(kept, server, streams, INTERVAL_MILLIS, part.seconds()));
                    compare(kept, beside.contest(), PER_EVENT);
                }
            }
        }
        return stats;
    }

    private Beside beside(Stack stack, Server provider, boolean requests) throws IOException {
        List<Server> servers = new ArrayList<>();
        servers.add(provider);
        servers.add(stack.nginxProxy(requests));
        if (requests) {
            servers.add(stack.loggingNginx("nginx" + LogRounds.LOGGING));
        }
        servers.add(stack.quietGateway(Contest.GATEWAY, Path.of(""), plan.transport()));
        servers.add(stack.loggingGateway(Contest.GATEWAY + LogRounds.LOGGING, Path.of(""), plan.transport()));
        int admin = Stack.freePort();
        servers.add(stack.ledgerGateway(Contest.GATEWAY + LEDGER, admin, plan.transport()));
        String before = System.getProperty("load.before", "");
        if (!before.isEmpty()) {
            servers.add(stack.quietGateway(Contest.BEFORE, Path.of(before), plan.transport()));
            if (requests) {
                servers.add(
                        stack.loggingGateway(Contest.BEFORE + LogRounds.LOGGING, Path.of(before), plan.transport()));
            }
        }
        return new Beside(stack, new Contest(servers), admin);
    }

    /** One turn, timed until everything that is to be written of it is. */
    private void turn(Stats stats, Wrk wrk, Beside beside, Server server) throws IOException {
        String name = server.name();
        boolean keeps = name.endsWith(LEDGER);
        Threads cpu = Threads.of(server);
        Scrape before = keeps ? Scrape.of(beside.admin()) : null;
        long answered = RequestRounds.one(
                stats, wrk, server, CONNECTIONS, plan.requests().seconds());
        long lines = settle(beside, server);
        Threads spent = Threads.of(server).since(cpu);
        boolean valid = Double.isFinite(stats.last(name, PER_REQUEST));
        if (keeps) {
            Scrape after = Scrape.of(beside.admin());
            double rows = after.sum("gateway_ledger_rows_total") - before.sum("gateway_ledger_rows_total");
            double dropped = after.sum("gateway_ledger_dropped_total") - before.sum("gateway_ledger_dropped_total");
            if (dropped > 0) {
                System.out.println(name + ": " + dropped + " rows dropped, round not counted");
                valid = false;
            }
            stats.add(name, "rows/request", rows / answered);
            stats.add(name, "ledger us/row", valid ? spent.ledger() / 1e3 / rows : Double.NaN);
        }
        if (lines > 0) {
            stats.add(name, "lines/request", (double) lines / answered);
            if (spent.journal() > 0) {
                stats.add(name, "journal us/request", valid ? spent.journal() / 1e3 / answered : Double.NaN);
            }
        }
        // A worker of nginx is its loop.
        double loops = spent.loops() > 0 ? spent.loops() : spent.all();
        boolean direct = name.equals(Contest.DIRECT);
        stats.add(name, LOOPS, valid && !direct ? loops / 1e3 / answered : Double.NaN);
    }

    /** Waits until log and ledger are written; how many lines there were. */
    private static long settle(Beside beside, Server server) throws IOException {
        long lines = LogRounds.lines(beside.stack(), server.name());
        while (server.name().endsWith(LEDGER) && Scrape.of(beside.admin()).value("gateway_ledger_queue_rows") > 0) {
            Server.pause(200);
        }
        return lines;
    }

    /** What each setting took more than none of them, in the round that was last. */
    private static void compare(Stats stats, Contest contest, String measure) {
        for (String name : contest.names()) {
            SETTINGS.stream().filter(name::endsWith).findFirst().ifPresent(setting -> {
                double quiet = stats.last(name.substring(0, name.length() - setting.length()), measure);
                stats.add(name, "added " + measure, stats.last(name, measure) - quiet);
                if (measure.equals(PER_EVENT)) {
                    stats.add(name, "added percent", 100 * (stats.last(name, measure) / quiet - 1));
                }
            });
        }
    }

    /** CPU time of a server's threads, in nanoseconds. */
    private record Threads(long all, long loops, long journal, long ledger) {

        static Threads of(Server server) {
            return new Threads(
                    server.cpuNanos(),
                    server.cpuNanos(LOOP_THREADS),
                    server.cpuNanos(JOURNAL_THREAD),
                    server.cpuNanos(LEDGER_THREAD));
        }

        Threads since(Threads before) {
            return new Threads(
                    all - before.all, loops - before.loops, journal - before.journal, ledger - before.ledger);
        }
    }
}
