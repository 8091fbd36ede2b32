package io.costoptimal.gateway.server.ledger;

import io.costoptimal.gateway.exchange.RareWarning;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Keeps rows that the store has refused, as lines of JSON, so that somebody may see why. The file grows up to a limit; beyond
 * that rows are only counted. Confined to the ledger's writer thread.
 */
final class Rejected {

    private static final Logger LOG = LogManager.getLogger(Rejected.class);
    private static final RareWarning REJECTED = new RareWarning(InternalLoggerFactory.getInstance(Rejected.class));
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private final Path file;
    private final JsonFactory json = new JsonFactory();

    Rejected(Path file) {
        this.file = file;
    }

    void keep(Row row, LedgerException cause) {
        REJECTED.log("ledger_row_rejected", cause);
        try {
            if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
                return;
            }
            StringWriter line = new StringWriter();
            try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), line)) {
                RowText.json(out, row);
            }
            line.write('\n');
            Files.write(
                    file,
                    line.toString().getBytes(StandardCharsets.UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException | RuntimeException e) {
            LOG.warn("ledger_row_not_kept file=\"{}\" cause=\"{}\"", file, e.toString());
        }
    }
}
