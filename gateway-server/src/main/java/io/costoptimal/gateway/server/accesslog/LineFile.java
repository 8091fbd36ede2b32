package io.costoptimal.gateway.server.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Writes lines to one output, and counts those that could not be written. Confined to one thread but for {@link #reopen}. */
final class LineFile implements LineSink {

    private static final Logger EVENTS = LogManager.getLogger(Logging.class);

    private final LineOutput output;
    private volatile boolean reopen;
    private boolean failing;
    private long lostWhileFailing;

    LineFile(LineOutput output) {
        this.output = output;
    }

    /** Opens the file anew before the next line. Any thread; never waits. */
    void reopen() {
        reopen = true;
    }

    @Override
    public void lines(ByteBuffer bytes, int lines) {
        try {
            if (reopen) {
                reopen = false;
                output.reopen();
            }
            output.write(bytes);
            if (failing) {
                failing = false;
                EVENTS.warn("access_log_written_again output=\"{}\" lost={}", output, lostWhileFailing);
            }
        } catch (IOException e) {
            int lost = 0;
            while (bytes.hasRemaining()) {
                lost += bytes.get() == '\n' ? 1 : 0;
            }
            LogChannel.ACCESS.lose(LogChannel.Loss.UNWRITABLE, lost);
            lostWhileFailing = failing ? lostWhileFailing + lost : lost;
            if (!failing) {
                failing = true;
                EVENTS.warn("access_log_write_failed output=\"{}\" cause=\"{}\"", output, e.getMessage());
            }
        }
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        try {
            output.close();
        } catch (IOException e) {
            EVENTS.warn("access_log_close_failed output=\"{}\" cause=\"{}\"", output, e.getMessage());
        }
    }
}
