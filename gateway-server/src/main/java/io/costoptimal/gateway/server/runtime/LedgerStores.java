package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.objects.RememberedOwners;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.Ledger;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.postgres.ObjectsTable;
import io.costoptimal.gateway.server.ledger.postgres.PostgresAddress;
import io.costoptimal.gateway.server.ledger.postgres.PostgresStore;
import io.costoptimal.gateway.server.ledger.sqlite.ObjectsFile;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import io.costoptimal.gateway.server.objects.OwnerTable;
import io.costoptimal.gateway.server.objects.StoredOwners;
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

    /**
     * What knows whose objects are: in the ledger's database where there is one, else in memory alone.
     *
     * @param remembered objects that are known in memory at a time
     */
    static ObjectOwners owners(GatewayConfig.Ledger config, int remembered) {
        if (!config.save()) {
            return new RememberedOwners(remembered);
        }
        StoredOwners.Limits limits = new StoredOwners.Limits(
                remembered, config.kept().retention(), config.kept().cleanup());
        return new StoredOwners(new OwnerTable(objects(config)), limits, Clock.systemUTC());
    }

    private static OwnerTable.Source objects(GatewayConfig.Ledger config) {
        return switch (config.storage()) {
            case SQLITE -> {
                SqliteFiles files = files(config);
                yield () -> ObjectsFile.open(files);
            }
            case POSTGRES -> {
                PostgresAddress address = PostgresAddress.of(config.uri());
                yield () -> ObjectsTable.open(address);
            }
        };
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
