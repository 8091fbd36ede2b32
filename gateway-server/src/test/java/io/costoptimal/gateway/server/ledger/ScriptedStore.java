package io.costoptimal.gateway.server.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A store in memory that does what a test tells it. Any thread. */
final class ScriptedStore implements LedgerStore {

    /** What it does with a batch before it takes it. */
    interface Script {
        void look(List<Row> rows) throws LedgerException;
    }

    private final Script script;
    private final List<Row> rows = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    ScriptedStore(Script script) {
        this.script = script;
    }

    @Override
    public void write(List<Row> batch, List<Gap> more) throws LedgerException {
        script.look(batch);
        synchronized (this) {
            for (Row row : batch) {
                if (known.add(row.text(Column.REQUEST_ID) + row.number(Column.ATTEMPT))) {
                    rows.add(row);
                }
            }
            gaps.addAll(more);
        }
    }

    synchronized List<Row> rows() {
        return new ArrayList<>(rows);
    }

    synchronized List<Gap> gaps() {
        return new ArrayList<>(gaps);
    }

    synchronized long missing() {
        return gaps.stream().mapToLong(Gap::count).sum();
    }

    /** Waits for the writer to have ended. */
    boolean awaitClosed() throws InterruptedException {
        return closed.await(30, TimeUnit.SECONDS);
    }

    @Override
    public void expire(long before) {}

    @Override
    public LedgerQueries queries(Duration limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
