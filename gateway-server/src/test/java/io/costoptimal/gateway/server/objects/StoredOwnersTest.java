package io.costoptimal.gateway.server.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Origin;
import io.costoptimal.gateway.server.ledger.postgres.ObjectsTable;
import io.costoptimal.gateway.server.ledger.postgres.PostgresAddress;
import io.costoptimal.gateway.server.ledger.postgres.PostgresServer;
import io.costoptimal.gateway.server.ledger.sqlite.ObjectsFile;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Owners of objects in a database: in a file, and in a server that gateways share. */
@Timeout(60)
class StoredOwnersTest {

    private static final Owner ALICE = new Owner("name:alice", "p");
    private static final Owner BOB = new Owner("name:bob", "q");
    private static final int REMEMBERED = 10;
    private static final Duration RETENTION = Duration.ofDays(90);

    @TempDir
    Path folder;

    private OwnerTable.Source source;
    private volatile boolean down;

    /** Where the table is. */
    enum Database {
        SQLITE,
        POSTGRES
    }

    private void in(Database database) throws Exception {
        if (database == Database.SQLITE) {
            SqliteFiles files = SqliteFiles.of("file:" + folder.resolve("usage.db"));
            source = () -> ObjectsFile.open(files);
        } else {
            PostgresAddress address = PostgresAddress.of(PostgresServer.shared().address());
            source = () -> ObjectsTable.open(address);
        }
    }

    private StoredOwners open() {
        return open("2026-11-27T00:00:00Z", null);
    }

    private StoredOwners open(String now, Duration cleanup) {
        OwnerTable table = new OwnerTable(() -> {
            if (down) {
                throw new SQLException("down");
            }
            return source.open();
        });
        return new StoredOwners(
                table,
                new StoredOwners.Limits(REMEMBERED, RETENTION, cleanup),
                Clock.fixed(Instant.parse(now), ZoneOffset.UTC));
    }

    private static List<Owner> find(StoredOwners owners, String id) throws Exception {
        return owners.findLater(List.of(id)).get().getOrDefault(id, List.of());
    }

    @ParameterizedTest
    @EnumSource
    void anOwnerIsKnownAfterARestart(Database database) throws Exception {
        in(database);
        try (StoredOwners owners = open()) {
            owners.made("file-1", BOB);
            owners.made("file-1", ALICE);
            owners.made("file-2", new Owner("name:alice", "old"));
            owners.made("file-2", ALICE);
            assertThat(owners.of("file-1")).containsExactly(ALICE, BOB);
        }
        try (StoredOwners owners = open()) {
            assertThat(owners.of("file-1")).isEmpty();
            assertThat(find(owners, "file-1")).containsExactlyInAnyOrder(ALICE, BOB);
            assertThat(owners.of("file-1")).containsExactlyInAnyOrder(ALICE, BOB);
            assertThat(find(owners, "file-2")).containsExactly(ALICE);
            assertThat(find(owners, "FILE-1")).isEmpty();
            assertThat(find(owners, "file-3")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResponseInTheBackgroundIsKnownAfterARestartUntilItsUsageIsTold(Database database) throws Exception {
        in(database);
        Origin origin = new Origin(1_790_000_000_000L, "req", 2, "gpt-*", "gpt-5 \u00e4");
        Owner waiting = new Owner("name:alice", "p", origin);
        try (StoredOwners owners = open()) {
            owners.made("resp-1", waiting);
            owners.made("resp-2", new Owner("name:alice", "p", new Origin(1, "req", 1, null, null)));
        }
        try (StoredOwners owners = open()) {
            assertThat(find(owners, "resp-1")).containsExactly(waiting);
            assertThat(find(owners, "resp-2").get(0).origin()).isEqualTo(new Origin(1, "req", 1, null, null));
            owners.made("resp-1", ALICE);
            assertThat(owners.of("resp-1")).containsExactly(ALICE);
        }
        try (StoredOwners owners = open()) {
            assertThat(find(owners, "resp-1")).containsExactly(ALICE);
            owners.deleted("resp-2", ALICE);
            assertThat(find(owners, "resp-2")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOwnerIsKnownAfterMemoryHasForgottenIt(Database database) throws Exception {
        in(database);
        try (StoredOwners owners = open()) {
            List<String> ids =
                    IntStream.range(0, 3_000).mapToObj(i -> "file-" + i).toList();
            ids.forEach(id -> owners.made(id, ALICE));
            assertThat(owners.of("file-0")).isEmpty();

            assertThat(owners.findLater(ids).get())
                    .hasSize(ids.size())
                    .allSatisfy((id, all) -> assertThat(all).containsExactly(ALICE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOwnerIsKnownToAnotherGateway(Database database) throws Exception {
        in(database);
        try (StoredOwners one = open();
                StoredOwners other = open()) {
            assertThat(find(other, "file-1")).isEmpty();
            one.made("file-1", ALICE);
            while (find(other, "file-1").isEmpty()) {
                // It is written in a moment, and that it was not there is not remembered.
            }
            assertThat(find(other, "file-1")).containsExactly(ALICE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsDeletedStaysDeletedForItsKeyAlone(Database database) throws Exception {
        in(database);
        try (StoredOwners owners = open()) {
            owners.made("file-1", ALICE);
            owners.made("file-1", BOB);
        }
        try (StoredOwners owners = open()) {
            assertThat(find(owners, "file-1")).hasSize(2);
            owners.deleted("file-1", ALICE);
            assertThat(owners.of("file-1")).containsExactly(BOB);
            assertThat(find(owners, "file-1")).containsExactly(BOB);
        }
        try (StoredOwners owners = open()) {
            assertThat(find(owners, "file-1")).containsExactly(BOB);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOwnerGoesWhenItsObjectWasOfNoUseForLong(Database database) throws Exception {
        in(database);
        try (StoredOwners owners = open("2026-01-01T00:00:00Z", null)) {
            owners.made("used", ALICE);
            owners.made("unused", ALICE);
        }
        try (StoredOwners owners = open("2026-03-01T00:00:00Z", null)) {
            assertThat(find(owners, "used")).containsExactly(ALICE);
        }
        try (StoredOwners owners = open("2026-05-01T00:00:00Z", Duration.ofDays(1))) {
            while (!find(owners, "unused").isEmpty()) {
                owners.made("later", ALICE);
            }
            assertThat(find(owners, "used")).containsExactly(ALICE);
        }
    }

    @Test
    void aDatabaseThatIsDownFailsLookUpsAndGetsWhatItMissed() throws Exception {
        in(Database.SQLITE);
        down = true;
        try (StoredOwners owners = open()) {
            owners.made("file-1", ALICE);
            assertThat(owners.of("file-1")).containsExactly(ALICE);
            CompletableFuture<?> found = owners.findLater(List.of("file-2"));
            assertThatThrownBy(found::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("down");
            down = false;
            assertThat(find(owners, "file-2")).isEmpty();
        }
        try (StoredOwners owners = open()) {
            assertThat(find(owners, "file-1")).containsExactly(ALICE);
        }
    }

    @Test
    void anybodysRandomIdsDoNotPileUpBeforeADatabaseThatStandsStill() throws Exception {
        in(Database.SQLITE);
        CountDownLatch still = new CountDownLatch(1);
        OwnerTable.Source moving = source;
        source = () -> {
            try {
                still.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
            return moving.open();
        };
        try (StoredOwners owners = open()) {
            List<CompletableFuture<?>> found = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                found.add(owners.findLater(List.of("file-" + i)));
            }
            assertThat(found.get(999)).isCompletedExceptionally();
            still.countDown();
            found.get(200).get();
            assertThat(find(owners, "file-1")).isEmpty();
        }
    }

    @Test
    void whatNoProviderHasForAnIdIsNotLookedFor() throws Exception {
        in(Database.SQLITE);
        try (StoredOwners owners = open()) {
            owners.made("a\0b", ALICE);
            assertThat(owners.findLater(List.of("a\0b", "x".repeat(300)))).isNull();
        }
    }
}
