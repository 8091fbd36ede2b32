package io.costoptimal.gateway.server.accesslog;

import java.nio.ByteBuffer;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/**
 * Gathers the events of the application log until its ring is empty and hands them on as lines. Events come on the one thread that empties
 * the ring; that thread alone waits for the output.
 *
 * <p>Never throws: Log4j would print a stack trace for each event that finds the disk full.
 */
final class EventAppender extends AbstractAppender {

    private static final int BUFFER = 64 * 1024;

    private final LineSink sink;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private int lines;

    /**
     * @param layout makes one line of each event, whatever is in it
     * @param sink takes the lines
     */
    EventAppender(StringLayout layout, LineSink sink) {
        super("lines", null, layout, true, Property.EMPTY_ARRAY);
        this.sink = sink;
    }

    @Override
    public synchronized void append(LogEvent event) {
        byte[] line = getLayout().toByteArray(event);
        if (line.length > buffer.remaining()) {
            flush();
        }
        if (line.length > buffer.capacity()) {
            sink.lines(ByteBuffer.wrap(line), 1);
            return;
        }
        buffer.put(line);
        lines++;
        if (event.isEndOfBatch()) {
            flush();
        }
    }

    private void flush() {
        if (lines > 0) {
            sink.lines(buffer.flip(), lines);
            buffer.clear();
            lines = 0;
        }
    }

    @Override
    public synchronized void stop() {
        flush();
        super.stop();
    }
}
