package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The command: {@code benchmarks/load/run [requests] [logs] [ledger] [latency] [streams] [memory] [tls] [http2] [before] [faults] [quick]}. Prints medians over interleaved
 * rounds, with the median of the ratios to nginx in the same round in brackets.
 */
public final class Load {

    private static final int[] RATES = {1_000, 2_000, 4_000, 8_000, 12_000, 16_000};

    private final Path folder;
    private final Plan plan;
    private final Report report = new Report(Path.of("benchmarks", "results", "load"));

    private Load(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Runs what the arguments name; everything without any. */
    public static void main(String[] args) throws Exception {
        Set<String> what = Set.of(args);
        boolean all = what.isEmpty() || what.equals(Set.of("quick"));
        Path folder = Files.createTempDirectory("gateway-load");
        // nginx started by root reads as somebody else.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Plan plan = plan(what.contains("quick"));
        System.out.println(plan);
        Load load = new Load(folder, plan);
        if (!Wrk.present()) {
            System.out.println(
                    "wrk: not installed (apt-get install wrk nginx haproxy); only streams and memory can run");
        }
        if ((all || what.contains("requests")) && Wrk.present()) {
            load.requests();
        }
        if ((all || what.contains("logs")) && Wrk.present()) {
            load.report.keep("1 KB, access log and metrics", new LogRounds(folder, plan).run(1024));
        }
        if ((all || what.contains("ledger")) && Wrk.present()) {
            LedgerRounds rounds = new LedgerRounds(folder, plan);
            load.report.keep("1 KB, access log, metrics and ledger", rounds.requests(1024));
            load.report.keep("200 streams, access log, metrics and ledger", rounds.streams(200));
        }
        if ((all || what.contains("latency")) && Wrk.present()) {
            load.latency();
        }
        if (all || what.contains("streams")) {
            load.streams();
        }
        if (what.contains("tls") && Wrk.present()) {
            load.overTls(Wire.HTTP1);
        }
        if (what.contains("http2")) {
            if (H2load.present()) {
                load.overTls(Wire.HTTP2);
            } else {
                System.out.println("h2load: not installed (apt-get install nghttp2-client); HTTP/2 is not measured");
            }
        }
        if (what.contains("before") && Wrk.present()) {
            load.before();
        }
        if (what.contains("faults") && Wrk.present()) {
            new Report(Path.of("benchmarks", "results", "ledger"))
                    .keep(
                            "A ledger whose database fails, 2000 requests a second",
                            new FaultRounds(folder, plan).run(1024));
        }
        if (all || what.contains("memory")) {
            load.report.keep("Memory by open streams", new MemoryRun(folder, plan).run());
        }
    }

    private void requests() throws IOException, InterruptedException {
        for (int kb : new int[] {1, 8, 100}) {
            report.keep(kb + " KB, 64 connections", new RequestRounds(folder, plan).run(kb * 1024, 64));
        }
    }

    private void overTls(Wire wire) throws IOException, InterruptedException {
        TlsRounds rounds = new TlsRounds(folder, plan, wire);
        for (int kb : new int[] {1, 8, 100}) {
            report.keep(kb + " KB, 64 requests in flight, " + wire.title(), rounds.requests(kb * 1024, 64));
        }
        report.keep("200 streams, an event each 50 ms, " + wire.title(), rounds.streams(200, 50));
    }

    /** Without {@code LOAD_BEFORE} there is nothing to compare with. */
    private void before() throws IOException, InterruptedException {
        BeforeRounds rounds = new BeforeRounds(folder, plan, Path.of(System.getProperty("load.before")));
        report.keep("200 streams, beside the build before", rounds.streams(200));
        for (int kb : new int[] {100, 8, 1}) {
            report.keep(kb + " KB, beside the build before", rounds.requests(kb * 1024));
        }
    }

    private void latency() throws IOException, InterruptedException {
        Map<Integer, Stats> byRate = new LatencyRounds(folder, plan).run(1024, RATES);
        for (Map.Entry<Integer, Stats> rate : byRate.entrySet()) {
            report.keep(rate.getKey() + " requests a second", rate.getValue());
        }
    }

    private void streams() throws IOException, InterruptedException {
        for (int streams : plan.quick() ? new int[] {200} : new int[] {50, 200, 800}) {
            report.keep(streams + " streams, an event each 50 ms", new StreamRounds(folder, plan).run(streams, 50));
        }
    }

    private static Plan plan(boolean quick) {
        List<String> flags = List.of(System.getProperty("load.flags", "").trim().split("\\s+")).stream()
                .filter(flag -> !flag.isEmpty())
                .toList();
        return new Plan(quick, System.getProperty("load.transport", "auto"), flags);
    }
}
