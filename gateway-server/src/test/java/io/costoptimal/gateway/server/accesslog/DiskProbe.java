package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.server.journal.Journal;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Log4J2LoggerFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.status.StatusLogger;

/**
 * A process of its own for {@link DiskFaultTest}: two threads end exchanges as event loops do, and an operator does things to
 * the disk. Everything that was ever written is in the folder of the archive in the end.
 */
final class DiskProbe {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** Fed at one time, by each thread; a fraction of what a lane holds. */
    private static final int STEP = 1_000;

    private final Path log;
    private final Path archive;
    private final int each;
    private final Feed first = new Feed("/a");
    private final Feed second = new Feed("/b");
    private LineWriter writer;
    private RollingFile rolling;
    private Journal journal;
    private int archived;

    private DiskProbe(Path folder, int exchanges) {
        this.log = folder.resolve("log/access.log");
        this.archive = folder.resolve("archive");
        this.each = exchanges / 2;
    }

    /** {@code SCENARIO FOLDER EXCHANGES}. */
    public static void main(String[] args) throws Exception {
        InternalLoggerFactory.setDefaultFactory(Log4J2LoggerFactory.INSTANCE);
        StatusLogger.getLogger().registerListener(new LogTrouble(System.out::println));
        DiskProbe probe = new DiskProbe(Path.of(args[1]), Integer.parseInt(args[2]));
        switch (args[0]) {
            case "slow" -> probe.slow();
            case "limited" -> probe.limited();
            case "full" -> probe.full();
            case "vanished" -> probe.vanished();
            default -> throw new IllegalArgumentException(args[0]);
        }
        for (LogChannel.Loss why : LogChannel.Loss.values()) {
            System.out.println(why + " " + LogChannel.ACCESS.lost(why));
        }
    }

    /** Nobody reads the pipe until so much has come that it, and the lanes, are full. */
    private void slow() throws Exception {
        write(LogRolling.NEVER);
        feedAtOnce(each / 2);
        System.out.println("fed");
        feed(each - each / 2);
        journal.close();
        writer.close();
    }

    /** Files must not grow beyond a size; when one has reached it, it is moved away while lines are written. */
    private void limited() throws Exception {
        write(LogRolling.NEVER);
        long seen = 0;
        for (int left = each; left > 0; left -= STEP) {
            feed(Math.min(STEP, left));
            long lost = LogChannel.ACCESS.lost(LogChannel.Loss.UNWRITABLE);
            if (lost > seen) {
                seen = lost;
                moveAway();
                writer.reopen();
            }
        }
        end();
    }

    /** Three times something else fills the disk, and is deleted again. The log's file is put aside and compressed. */
    private void full() throws Exception {
        write(new LogRolling(1 << 20, LogRolling.Every.NEVER, 100_000, true));
        Path other = log.resolveSibling("something.else");
        for (int i = 0; i < 3; i++) {
            feed(each / 9);
            fill(other);
            feed(each / 9);
            Files.delete(other);
            feed(each / 9);
        }
        feed(each - 9 * (each / 9));
        end();
    }

    private static void fill(Path file) throws IOException {
        byte[] zeros = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException e) {
            System.out.println("filled: " + e.getMessage());
        }
    }

    /** The folder is moved away under the writer; then it is deleted, and made anew after a while. */
    private void vanished() throws Exception {
        write(new LogRolling(4 << 20, LogRolling.Every.NEVER, 100_000, false));
        int part = each / 12;
        for (int i = 0; i < 3; i++) {
            feed(part);
            // Lines may be written at this very moment. They go on into the folder that was moved.
            Files.move(log.getParent(), archive.resolve("moved-" + i));
            feed(part);
            Files.createDirectories(log.getParent());
            writer.reopen();
            feed(part);
            journal.drain(LONG);
            copyAndDelete();
            feed(part);
            journal.drain(LONG);
            Files.createDirectories(log.getParent());
        }
        feed(each - 12 * part);
        end();
    }

    private void write(LogRolling when) {
        LineOutput output = LineOutput.file(log);
        rolling = when.happens() ? new RollingFile(log, when, output) : null;
        writer = new LineWriter(LogChannel.ACCESS, output, rolling, System.out::println);
        journal = new Journal(List.of(new AccessLog(writer))).start();
    }

    /** Has both threads end so many exchanges, waiting for the journal before its lanes are full. */
    private void feed(int exchanges) throws InterruptedException, ExecutionException {
        for (int left = exchanges; left > 0; left -= STEP) {
            feedAtOnce(Math.min(STEP, left));
            journal.drain(LONG);
        }
    }

    /** Has both threads end so many exchanges as fast as they can, most of which may be lost. */
    private void feedAtOnce(int exchanges) throws InterruptedException, ExecutionException {
        Future<?> other = first.feed(exchanges);
        second.feed(exchanges).get();
        other.get();
    }

    private void moveAway() throws IOException {
        for (Path file : files()) {
            Files.move(file, inArchive(file));
        }
    }

    /** The open file has no name after this, so that what is written to it is lost. */
    private void copyAndDelete() throws IOException {
        for (Path file : files()) {
            Files.copy(file, inArchive(file));
            Files.delete(file);
        }
        Files.delete(log.getParent());
    }

    private Path inArchive(Path file) {
        return archive.resolve(archived++ + "-" + file.getFileName());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(log.getParent())) {
            return all.toList();
        }
    }

    private void end() throws IOException {
        journal.close();
        if (rolling != null) {
            // What is being compressed has two names.
            rolling.stop(60, TimeUnit.SECONDS);
        }
        writer.close();
        moveAway();
    }

    /** A thread that ends exchanges as an event loop does. Each says that it has one more byte than the one before. */
    private final class Feed {

        private final Exchange exchange;
        private final ExecutorService loop = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "loop");
            thread.setDaemon(true);
            return thread;
        });

        Feed(String path) {
            exchange = EndedExchange.of(path);
        }

        Future<?> feed(int exchanges) {
            return loop.submit(() -> {
                for (int i = 0; i < exchanges; i++) {
                    exchange.addRequestBytes(1);
                    journal.exchangeEnded(exchange);
                }
            });
        }
    }
}
