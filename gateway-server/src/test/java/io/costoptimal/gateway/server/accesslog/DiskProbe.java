package io.costoptimal.gateway.server.accesslog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own that writes a log, for limits that the system sets for a process as a whole. */
final class DiskProbe {

    private static final int LINES_IN_A_BATCH = 100;

    private DiskProbe() {}

    /** @param limits what the shell does before it becomes this program */
    static ProcessBuilder start(String limits, List<String> args) {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                limits + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                DiskProbe.class.getName()));
        command.addAll(args);
        return new ProcessBuilder(command);
    }

    /** {@code full FILE LINES}: each time the file is full, twice nothing is done about it, and then it is renamed. */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[1]);
        int lines = Integer.parseInt(args[2]);
        LineWriter writer = new LineWriter(LogChannel.ACCESS, LineOutput.file(file), null, System.out::println);
        long[] failures = {0};
        for (int i = 0; i < lines; i += LINES_IN_A_BATCH) {
            long before = lost();
            writer.lines(batch(i), LINES_IN_A_BATCH);
            if (lost() > before && ++failures[0] % 3 == 0) {
                Files.move(file, file.resolveSibling("full-" + failures[0]));
                writer.reopen();
            }
        }
        writer.close();
        System.out.println("lost " + lost());
    }

    private static long lost() {
        return LogChannel.ACCESS.lost(LogChannel.Loss.UNWRITABLE);
    }

    private static ByteBuffer batch(int first) {
        StringBuilder text = new StringBuilder();
        for (int i = first; i < first + LINES_IN_A_BATCH; i++) {
            text.append("{\"n\":")
                    .append(i)
                    .append(",\"x\":\"")
                    .append("x".repeat(i % 71))
                    .append("\"}\n");
        }
        return ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    static boolean isWhole(String line) {
        return line.matches("\\{\"n\":\\d+,\"x\":\"x*\"}");
    }
}
