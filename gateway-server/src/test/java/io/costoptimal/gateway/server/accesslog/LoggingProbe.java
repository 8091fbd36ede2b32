package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.server.journal.Journal;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.PrintStream;
import java.util.List;
import org.apache.logging.log4j.LogManager;

/** A process of its own for {@link LoggingTest}: Log4j reads its settings once per process. */
final class LoggingProbe {

    private LoggingProbe() {}

    /** {@code STDOUT|FILE|OFF file|- lines}; what was lost is told last, on standard output unless the access log is there. */
    public static void main(String[] args) {
        String file = args[1].equals("-") ? null : args[1];
        Logging.start();
        Logging.startAccess(Logging.Access.valueOf(args[0]), file, LogRolling.NEVER);
        LineSink sink = Logging.access();
        Journal journal = new Journal(sink == null ? List.of() : List.of(new AccessLog(sink))).start();
        Exchange exchange = EndedExchange.of("/${jndi:ldap://127.0.0.1:1/x}");
        int lines = Integer.parseInt(args[2]);
        for (int i = 0; i < lines; i++) {
            journal.exchangeEnded(exchange);
        }
        System.err.println("logged dropped=" + (journal.lost(Journal.Loss.FULL) > 0) + " on=" + (sink != null));
        InternalLoggerFactory.getInstance("io.netty.probe").warn("netty\r\nforged");
        LogManager.getLogger(LoggingProbe.class).error("probe failed", new IllegalStateException("a\r\nforged b"));
        LogManager.getLogger(LoggingProbe.class).debug("unseen");
        journal.close();
        Logging.flush(2_000);
        PrintStream told = args[0].equals("STDOUT") ? System.err : System.out;
        for (LogChannel channel : LogChannel.values()) {
            for (LogChannel.Loss why : LogChannel.Loss.values()) {
                told.println("lost " + channel + " " + why + " " + channel.lost(why));
            }
        }
    }
}
