package io.costoptimal.gateway.server.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.layout.ByteBufferDestination;

/**
 * Writes the lines of one log, a batch at a time, and counts every line that could not be written. Events come on the one
 * thread that empties the log's ring; that thread alone ever waits for a disk or a pipe.
 *
 * <p>Never throws: Log4j would print a stack trace for each line that finds the disk full.
 */
final class LineAppender extends AbstractAppender implements ByteBufferDestination {

    private static final int BUFFER = 64 * 1024;

    private final LogChannel log;
    private final LineOutput output;
    private final Consumer<String> notices;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean reopen;
    private boolean failing;
    /** What was lost last ended within a line. */
    private boolean cut;

    private long lostWhileFailing;

    /**
     * @param output taken; closed by {@link #stop}
     * @param notices told when writing begins to fail and when it works again; must not wait
     */
    LineAppender(LogChannel log, StringLayout layout, LineOutput output, Consumer<String> notices) {
        super(log.name(), null, layout, true, Property.EMPTY_ARRAY);
        this.log = log;
        this.output = output;
        this.notices = notices;
    }

    /**
     * Opens the output on a thread of its own: a pipe is open once somebody reads it, which may be never. Does nothing the
     * second time, when Log4j starts what the configuration has.
     */
    @Override
    public void start() {
        if (isStarted()) {
            return;
        }
        super.start();
        Thread opening = new Thread(this::open, "log-open");
        opening.setDaemon(true);
        opening.start();
    }

    private void open() {
        lock.lock();
        try {
            output.open();
        } catch (IOException e) {
            notices.accept("open_failed output=\"" + output + "\" cause=\"" + e.getMessage() + "\"");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void append(LogEvent event) {
        lock.lock();
        try {
            getLayout().encode(event, this);
            if (event.isEndOfBatch()) {
                flush();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Opens the file anew: now, or before the next line if the thread that writes is writing. Any thread; never waits. */
    void reopen() {
        reopen = true;
        if (lock.tryLock()) {
            try {
                reopenIfAsked();
            } finally {
                lock.unlock();
            }
        }
    }

    private void reopenIfAsked() {
        if (!reopen) {
            return;
        }
        reopen = false;
        try {
            output.reopen();
        } catch (IOException e) {
            notices.accept("reopen_failed output=\"" + output + "\" cause=\"" + e.getMessage() + "\"");
        }
    }

    private void flush() {
        reopenIfAsked();
        buffer.flip();
        dropRestOfLostLine();
        boolean any = buffer.hasRemaining();
        try {
            output.write(buffer);
            if (any && failing) {
                failing = false;
                notices.accept("written_again output=\"" + output + "\" lost=" + lostWhileFailing);
            }
        } catch (IOException e) {
            failed(e);
        } finally {
            buffer.clear();
        }
    }

    /** A line that did not fit into what was lost goes on in this buffer. */
    private void dropRestOfLostLine() {
        while (cut && buffer.hasRemaining()) {
            cut = buffer.get() != '\n';
            if (!cut) {
                lost(1);
            }
        }
    }

    private void lost(long lines) {
        log.lose(LogChannel.Loss.UNWRITABLE, lines);
        lostWhileFailing += lines;
    }

    private void failed(IOException cause) {
        long lines = 0;
        while (buffer.hasRemaining()) {
            boolean end = buffer.get() == '\n';
            lines += end ? 1 : 0;
            cut = !end;
        }
        if (!failing) {
            failing = true;
            lostWhileFailing = 0;
            notices.accept("write_failed output=\"" + output + "\" cause=\"" + cause.getMessage() + "\"");
        }
        lost(lines);
    }

    @Override
    public ByteBuffer getByteBuffer() {
        return buffer;
    }

    /** The layout's text does not fit. */
    @Override
    public ByteBuffer drain(ByteBuffer full) {
        flush();
        return buffer;
    }

    @Override
    public void writeBytes(ByteBuffer data) {
        while (data.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int n = Math.min(buffer.remaining(), data.remaining());
            ByteBuffer part = data.duplicate().limit(data.position() + n);
            buffer.put(part);
            data.position(data.position() + n);
        }
    }

    @Override
    public void writeBytes(byte[] data, int offset, int length) {
        writeBytes(ByteBuffer.wrap(data, offset, length));
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            flush();
            output.close();
        } catch (IOException e) {
            notices.accept("close_failed output=\"" + output + "\" cause=\"" + e.getMessage() + "\"");
        } finally {
            lock.unlock();
        }
        super.stop();
    }
}
