package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.RowText;
import io.costoptimal.gateway.server.runtime.LedgerStores;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes the rows of the ledger to standard output. */
@Command(
        name = "export",
        description = {
            "Writes the rows of the usage ledger to standard output, oldest first; the gateway may be running.",
            "JSON Lines are exact. In CSV a text that a spreadsheet would compute has an apostrophe before it."
        })
public final class UsageExportCommand implements Callable<Integer> {

    /** Rows between two questions whether somebody still reads. */
    private static final int LOOK = 500;

    /** What rows are written as. */
    enum Format {
        csv,
        jsonl
    }

    /** A day, which begins in UTC, or an instant. */
    static final class Time implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return text.indexOf('T') < 0
                        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                        : Instant.parse(text);
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "'" + text + "' (expected: a day such as 2026-11-27, or a time such as 2026-11-27T08:00:00Z)");
            }
        }
    }

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = Time.class,
            description = "The first start of requests that are written, as a day or a time in UTC. Default: all.")
    private Instant from = Instant.EPOCH;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = Time.class,
            description = "Where they end: the first start that is not written any more. Default: all.")
    private Instant to;

    @Option(names = "--format", paramLabel = "FORMAT", description = "csv or jsonl. Default: $DEFAULT-VALUE.")
    private Format format = Format.csv;

    @Spec
    private CommandSpec spec;

    private final JsonFactory json = new JsonFactory();
    private long rows;

    @Override
    public Integer call() throws ConfigException {
        GatewayConfig loaded = config.load();
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.csv) {
            out.print(RowText.csvHead());
        }
        Filter filter = new Filter(from.toEpochMilli(), to == null ? Long.MAX_VALUE : to.toEpochMilli(), Map.of());
        try (LedgerStore store = LedgerStores.store(loaded.ledger())) {
            store.queries(null).forEach(filter, row -> write(row, out));
        } catch (LedgerException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return Exit.FAILED;
        }
        out.flush();
        return Exit.OK;
    }

    /** Returns whether to go on: a reader that has gone, such as head, ends the export. */
    private boolean write(Row row, PrintWriter out) {
        StringWriter line = new StringWriter(1024);
        try {
            if (format == Format.csv) {
                RowText.csv(line, row);
            } else {
                try (JsonGenerator object = json.createGenerator(ObjectWriteContext.empty(), line)) {
                    RowText.json(object, row);
                }
                line.write('\n');
            }
        } catch (IOException e) {
            throw new IllegalStateException("a StringWriter takes everything", e);
        }
        out.print(line);
        rows++;
        // Asking writes what is buffered.
        return rows % LOOK != 0 || !out.checkError();
    }
}
