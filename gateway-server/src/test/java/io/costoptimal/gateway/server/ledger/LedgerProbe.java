package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * A process that keeps a ledger, for tests that kill it or its disk. It numbers its rows in {@code client_request_id}, and says
 * how many are written.
 */
final class LedgerProbe {

    private static final long STARTED = TestRows.at("2026-11-27T10:00:00Z");
    private static final Duration MOMENT = Duration.ofMillis(5);

    private LedgerProbe() {}

    /** @param args the ledger's address; how many rows; how many may wait */
    public static void main(String[] args) throws InterruptedException {
        SqliteFiles files = SqliteFiles.of(args[0]);
        int count = Integer.parseInt(args[1]);
        RowQueue queue = new RowQueue(new RowQueue.Limits(Integer.parseInt(args[2]), 1L << 30));
        Drops drops = new Drops();
        LedgerWriter writer = new LedgerWriter(
                new SqliteStore(files, Clock.systemUTC()),
                queue,
                drops,
                new Rejected(files.rejected()),
                new LedgerWriter.Schedule(MOMENT, MOMENT, Duration.ofDays(90), null, Clock.systemUTC()));
        Thread thread = new Thread(writer);
        thread.start();
        TestRows rows = new TestRows();
        for (int i = 0; i < count; i++) {
            // Every fifth minute of twenty hours, so that there are roll-ups of several hours and of two days.
            Row row = rows.at(STARTED + i % 240 * 300_000L).set(Column.CLIENT_REQUEST_ID, Integer.toString(i));
            if (!queue.offer(row)) {
                drops.add(Drop.QUEUE_FULL, 1, row.number(Column.STARTED_AT));
            }
            if (i % 50 == 0) {
                queue.wake();
                System.out.println("written " + writer.written());
                // As slowly as requests come, so that a disk that is gone is met by most of them.
                Thread.sleep(1);
            }
        }
        writer.close(Duration.ofMillis(500));
        thread.join();
        long dropped = Stream.of(Drop.values()).mapToLong(drops::total).sum();
        System.out.println("end written=" + writer.written() + " dropped=" + dropped + " errors=" + writer.errors());
        System.exit(0);
    }
}
