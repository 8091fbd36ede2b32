package io.costoptimal.gateway.server.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.clients.ListenerTls;
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

    private ListenerTls tls;
    private Site site;

    @BeforeEach
    void start() throws Exception {
        tls = ListenerTls.issue(folder);
        site = new Site(folder);
        site.handsOver(tls, "save_usage: true\nstorage_uri: file:" + folder.resolve("usage.db") + "\n");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    /** How many requests there are in a second is told and not asserted; that none fails, and that each is in the ledger, is. */
    @Test
    void noRequestFailsAndEachIsInTheLedgerOnce() throws Exception {
        ServerRun serving = site.serve("--access-log", "off");
        Tally tally = new Tally();
        try (Load load = new Load(tally, tls.trust())) {
            serving.address();
            load.start(ASKING, site, false);
            load.start(STREAMING, site, true);
            tally.await(100);
            long start = System.nanoTime();
            for (int i = 0; i < RESTARTS; i++) {
                ServerRun next = site.serve("--access-log", "off");
                next.address();
                assertThat(serving.exit()).isZero();
                assertThat(serving.err()).anySatisfy(line -> assertThat(line).contains("stopped drained=true"));
                serving.close();
                serving = next;
                tally.await(100);
                assertThat(tally.failures()).as("after %d restarts", i + 1).isEmpty();
            }
            System.out.printf("hand-over: restarts=%d %s%n", RESTARTS, tally.told(System.nanoTime() - start));
            load.finish();
            assertThat(tally.failures()).isEmpty();
            assertThat(tally.streams()).isGreaterThanOrEqualTo(STREAMING);
            assertThat(site.socket).exists();
            serving.signal("TERM");
            assertThat(serving.exit()).isZero();
            assertThat(site.socket).doesNotExist();
            assertThat(site.place).doesNotExist();
            assertThat(rows()).isEqualTo(tally.requests() + tally.streams());
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
