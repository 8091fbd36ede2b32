package io.costoptimal.gateway.server.accesslog;

import java.util.concurrent.atomic.LongAdder;

/** The two logs of the process, which share nothing that can stall, and what each has lost. Any thread. */
public enum LogChannel {
    /** One line for each exchange. */
    ACCESS,
    /** What the process says of itself. */
    APPLICATION;

    /** Why lines are lost. */
    public enum Loss {
        /** Lines came faster than they could be written, or nobody takes them. */
        SLOW,
        /** Writing failed: the disk is full, the pipe is closed, the file cannot be opened. */
        UNWRITABLE
    }

    private final LongAdder slow = new LongAdder();
    private final LongAdder unwritable = new LongAdder();

    /** Lines lost since the process started. */
    public long lost(Loss why) {
        return counter(why).sum();
    }

    /** Counts lines that nobody will ever see. */
    public void lose(Loss why, long lines) {
        counter(why).add(lines);
    }

    private LongAdder counter(Loss why) {
        return why == Loss.SLOW ? slow : unwritable;
    }
}
