package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The command: {@code benchmarks/load/run [requests] [streams] [memory] [quick]}. Prints medians over interleaved rounds,
 * with the ratio to nginx in brackets.
 */
public final class Load {

    /** Each takes two of the proxy's sockets; 20 000 open files is what many machines allow a process. */
    private static final int MOST_STREAMS = 9_900;

    private Load() {}

    /** Runs what the arguments name; everything without any. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Set<String> what = Set.of(args);
        boolean all = what.isEmpty() || what.equals(Set.of("quick"));
        Path folder = Files.createTempDirectory("gateway-load");
        // nginx started by root reads as somebody else.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Report report = new Report(Path.of("benchmarks", "results", "load"));
        RequestRounds.Plan plan = plan(what.contains("quick"));
        System.out.println("rounds " + plan.rounds() + " of " + plan.seconds() + " s, warm-up " + plan.warmUp()
                + " s, transport " + plan.transport() + ", gateway flags " + plan.jvmFlags());
        if (!Wrk.present()) {
            System.out.println(
                    "wrk: not installed (apt-get install wrk nginx haproxy); only streams and memory can run");
        }
        if ((all || what.contains("requests")) && Wrk.present()) {
            for (int bytes : new int[] {1024, 8 * 1024, 100 * 1024}) {
                report.table(
                        bytes / 1024 + " KB, 64 connections", new RequestRounds(folder, plan).run(bytes, 64), "nginx");
            }
        }
        if (all || what.contains("streams")) {
            for (int streams : what.contains("quick") ? new int[] {200} : new int[] {50, 200, 800}) {
                report.table(
                        streams + " streams, an event each 50 ms",
                        new StreamRounds(folder, plan).run(streams, 50),
                        "nginx");
            }
        }
        if (all || what.contains("memory")) {
            report.table("Memory by open streams", new MemoryRun(folder, plan).run(1_000, MOST_STREAMS), "0 before");
        }
    }

    private static RequestRounds.Plan plan(boolean quick) {
        String transport = System.getProperty("load.transport", "auto");
        List<String> flags = List.of(System.getProperty("load.flags", "").trim().split("\\s+")).stream()
                .filter(flag -> !flag.isEmpty())
                .toList();
        return quick
                ? new RequestRounds.Plan(3, 3, 12, transport, flags)
                : new RequestRounds.Plan(7, 8, 20, transport, flags);
    }
}
