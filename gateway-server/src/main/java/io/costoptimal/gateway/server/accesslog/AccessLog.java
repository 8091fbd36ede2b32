package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.server.journal.Entry;
import io.costoptimal.gateway.server.journal.Journal;
import io.costoptimal.gateway.server.journal.JournalReader;
import io.costoptimal.gateway.server.journal.JsonBytes;

/**
 * Writes one line for each exchange that the journal tells of, many at a time. Confined to the journal's thread but for
 * {@link #lost}; that thread alone waits for the disk or pipe behind the log.
 */
public final class AccessLog implements JournalReader {

    /** What is gathered before it is written, but for the end of a batch. */
    private static final int PIECE = 256 * 1024;

    private final LineSink sink;
    private final JsonBytes bytes = new JsonBytes(PIECE + 16 * 1024);
    private final AccessLine line = new AccessLine(bytes);
    private int lines;

    /** @param sink takes the lines */
    public AccessLog(LineSink sink) {
        this.sink = sink;
    }

    @Override
    public void exchange(Entry entry) {
        int start = bytes.length();
        boolean whole = false;
        try {
            line.append(entry);
            whole = true;
        } finally {
            if (!whole) {
                // A defect of ours costs this line, and not the next one too.
                bytes.cutTo(start);
                LogChannel.ACCESS.lose(LogChannel.Loss.UNWRITABLE, 1);
            }
        }
        lines++;
        if (bytes.length() >= PIECE) {
            write();
        }
    }

    @Override
    public void batchEnd() {
        if (lines > 0) {
            write();
        } else {
            sink.idle();
        }
    }

    private void write() {
        try {
            sink.lines(bytes.view(), lines);
        } finally {
            bytes.clear();
            lines = 0;
        }
    }

    /** On an event loop: exchanges ended faster than their lines could be written. */
    @Override
    public void lost(ExchangeReport exchange, Journal.Loss why) {
        LogChannel.ACCESS.lose(LogChannel.Loss.SLOW, 1);
    }
}
