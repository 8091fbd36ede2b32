package io.costoptimal.gateway.server.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that follow each other, and clients that notice nothing. */
@Timeout(3_600)
class RestartsUnderLoadTest {

    private static final int RESTARTS = Integer.getInteger("gateway.handover.restarts", 5);

    /** Each is answered after 20 ms: more than a thousand requests a second, if the machine can. */
    private static final int ASKING = Integer.getInteger("gateway.handover.clients", 32);

    private static final int STREAMING = Integer.getInteger("gateway.handover.streams", 200);

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site(folder);
        site.handsOver("save_usage: true\nstorage_uri: file:" + folder.resolve("usage.db") + "\n");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    /** How many requests there are in a second is told and not asserted; that none fails, and that each is in the ledger, is. */
    @Test
    void noRequestFailsAndEachIsInTheLedgerOnce() throws Exception {
        ServerRun serving = site.serve("--access-log", "off");
        try (Clients clients = new Clients(Site.KEY)) {
            serving.address();
            clients.start(ASKING - ASKING / 4, Clients.port(site.port), false);
            clients.start(ASKING / 4, Clients.file(site.socket), false);
            clients.start(STREAMING - STREAMING / 4, Clients.port(site.port), true);
            clients.start(STREAMING / 4, Clients.file(site.socket), true);
            clients.await(100);
            long start = System.nanoTime();
            for (int i = 0; i < RESTARTS; i++) {
                ServerRun next = site.serve("--access-log", "off");
                next.address();
                assertThat(serving.exit()).isZero();
                assertThat(serving.err()).anySatisfy(line -> assertThat(line).contains("stopped drained=true"));
                serving.close();
                serving = next;
                clients.await(100);
                assertThat(clients.failures()).as("after %d restarts", i + 1).isEmpty();
            }
            long seconds = (System.nanoTime() - start) / 1_000_000_000 + 1;
            System.out.printf(
                    "hand-over: restarts=%d requests=%d streams=%d failures=%d requests/s=%d%n",
                    RESTARTS,
                    clients.requests(),
                    clients.streams(),
                    clients.failures().size(),
                    clients.requests() / seconds);
            clients.finish();
            assertThat(clients.failures()).isEmpty();
            assertThat(clients.streams()).isGreaterThanOrEqualTo(STREAMING);
            assertThat(site.socket).exists();
            serving.signal("TERM");
            assertThat(serving.exit()).isZero();
            assertThat(site.socket).doesNotExist();
            assertThat(site.place).doesNotExist();
            assertThat(rows()).isEqualTo(clients.requests() + clients.streams());
        } finally {
            serving.close();
        }
    }

    private long rows() throws IOException, SQLException {
        long rows = 0;
        try (DirectoryStream<Path> months = Files.newDirectoryStream(folder, "usage-[0-9]*.db")) {
            for (Path month : months) {
                try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + month);
                        Statement statement = connection.createStatement();
                        ResultSet count = statement.executeQuery("SELECT count(*) FROM attempts")) {
                    rows += count.getLong(1);
                }
            }
        }
        return rows;
    }
}
