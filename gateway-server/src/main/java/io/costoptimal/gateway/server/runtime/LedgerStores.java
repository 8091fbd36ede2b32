package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.Ledger;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.postgres.PostgresAddress;
import io.costoptimal.gateway.server.ledger.postgres.PostgresStore;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import java.nio.file.Path;
import java.time.Clock;

/** Makes the ledger that a configuration describes. Stateless. The drivers of databases are loaded here and nowhere else. */
public final class LedgerStores {

    private LedgerStores() {}

    /** A ledger that has not started; {@code null} when none is to be kept. */
    static Ledger ledger(GatewayConfig.Ledger config) {
        if (!config.save()) {
            return null;
        }
        GatewayConfig.Ledger.Kept kept = config.kept();
        Ledger.Limits limits = new Ledger.Limits(kept.queueRows(), kept.queueBytes(), kept.retention(), kept.cleanup());
        return new Ledger(store(config), rejected(config), limits);
    }

    /** The store alone, to be read; whoever asked closes it. */
    public static LedgerStore store(GatewayConfig.Ledger config) {
        return switch (config.storage()) {
            case SQLITE -> new SqliteStore(files(config), Clock.systemUTC());
            case POSTGRES -> new PostgresStore(PostgresAddress.of(config.uri()), Clock.systemUTC());
        };
    }

    /** Beside the files of SQLite, or where those would be by default. */
    private static Path rejected(GatewayConfig.Ledger config) {
        return switch (config.storage()) {
            case SQLITE -> files(config).rejected();
            case POSTGRES -> SqliteFiles.of("usage.db").rejected();
        };
    }

    private static SqliteFiles files(GatewayConfig.Ledger config) {
        return SqliteFiles.of(config.uri());
    }
}
