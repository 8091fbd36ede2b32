package io.costoptimal.gateway.server.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Writes the lines of one log and counts every line that could not be written. Usually one thread writes, and it alone waits
 * for a disk or a pipe; the journals of two gateways in one process take turns. Any thread may call {@link #reopen}.
 *
 * <p>Goes on by itself when the disk does: each batch is tried, whatever became of the one before.
 */
final class LineWriter implements LineSink {

    private final LogChannel log;
    private final LineOutput output;
    /** {@code null} for what is never put aside. */
    private final RollingFile rolling;

    private final Consumer<String> notices;

    private final AtomicInteger holds = new AtomicInteger();
    private volatile boolean reopen;
    private boolean failing;
    private long lostWhileFailing;

    /**
     * @param output taken; closed by {@link #close}
     * @param rolling taken; what puts the file of {@code output} aside, or {@code null}
     * @param notices told when writing begins to fail and when it works again; must not wait
     */
    LineWriter(LogChannel log, LineOutput output, RollingFile rolling, Consumer<String> notices) {
        this.log = log;
        this.output = output;
        this.rolling = rolling;
        this.notices = notices;
    }

    @Override
    public synchronized void lines(ByteBuffer bytes, int lines) {
        try {
            reopenIfAsked();
            output.open();
            if (rolling != null && holds.get() == 0) {
                rolling.rollIfDue(System.currentTimeMillis());
            }
            output.write(bytes);
            if (failing) {
                failing = false;
                notices.accept("written_again output=\"" + output + "\" lost=" + lostWhileFailing);
            }
        } catch (IOException e) {
            failed(e, linesIn(bytes));
        }
    }

    @Override
    public synchronized void idle() {
        try {
            reopenIfAsked();
        } catch (IOException e) {
            failed(e, 0);
        }
    }

    /** Has a regular file opened anew under its name before the next line, or when there is none soon. Any thread; never waits. */
    void reopen() {
        reopen = true;
    }

    /** @param more how many more, or fewer, wish that the file is not put aside. Any thread; never waits */
    void holdRolling(int more) {
        holds.addAndGet(more);
    }

    private void reopenIfAsked() throws IOException {
        if (reopen) {
            reopen = false;
            if (output.isRegularFile()) {
                output.close();
                output.open();
            }
        }
    }

    private void failed(IOException cause, int lines) {
        if (!failing) {
            failing = true;
            lostWhileFailing = 0;
            notices.accept("write_failed output=\"" + output + "\" cause=\"" + reason(cause) + "\"");
        }
        log.lose(LogChannel.Loss.UNWRITABLE, lines);
        lostWhileFailing += lines;
    }

    /** The message of some of them is the name of the file and nothing else. */
    private static String reason(IOException cause) {
        return cause instanceof FileSystemException
                ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
                : cause.getMessage();
    }

    /** Takes the rest of {@code bytes}. */
    private static int linesIn(ByteBuffer bytes) {
        int lines = 0;
        while (bytes.hasRemaining()) {
            lines += bytes.get() == '\n' ? 1 : 0;
        }
        return lines;
    }

    /** Closes the output, and waits for less than a second for what is being compressed. */
    synchronized void close() {
        if (rolling != null) {
            rolling.close();
        }
        output.close();
    }
}
