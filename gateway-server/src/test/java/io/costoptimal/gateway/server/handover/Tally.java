package io.costoptimal.gateway.server.handover;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What all clients have got together. Any thread. */
final class Tally {

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore answered = new Semaphore(0);
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong askedAgain = new AtomicLong();
    private volatile boolean stopping;

    /** An answer has come to its end: of a stream of events, or of one body. */
    void answered(boolean stream, int status, String body) {
        if (status != 200) {
            failed("refused with " + status + ": " + body);
        } else if (!(stream ? body.contains("data: [DONE]") : body.endsWith("}"))) {
            failed("looks whole and is not: " + body);
        }
        (stream ? streams : requests).incrementAndGet();
        answered.release();
    }

    /** A request was sent that, as the gateway said, was not processed; it is asked again, which is no failure. */
    void askedAgain() {
        askedAgain.incrementAndGet();
    }

    void failed(String how) {
        failures.add(how);
    }

    /** Waits for {@code n} more answers. */
    void await(int n) throws InterruptedException {
        answered.drainPermits();
        if (!answered.tryAcquire(n, 60, TimeUnit.SECONDS)) {
            throw new AssertionError("too few answers; failures: " + failures);
        }
    }

    /** Every client has its last answer. */
    void stop() {
        stopping = true;
    }

    boolean stopping() {
        return stopping;
    }

    /** What went wrong; a client of which something did may have stopped. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    long requests() {
        return requests.get();
    }

    long streams() {
        return streams.get();
    }

    /** What there is to be told about a run. */
    String told(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos) + 1;
        return "requests=%d streams=%d failures=%d requests/s=%d asked again as not processed=%d"
                .formatted(requests(), streams(), failures.size(), requests() / seconds, askedAgain.get());
    }
}
