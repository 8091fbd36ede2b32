package io.costoptimal.gateway.server.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.clients.ListenerTls;
import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.TlsSocket;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real processes behind a balancer that one after the other are told to end, and clients that notice nothing. A client by
 * HTTP/1.1 that streams is told with its next answer: the delay before the drain is long beside two streams, on a slow machine
 * too.
 */
@Timeout(3_600)
class DrainsUnderLoadTest {

    private static final int DRAINS = Integer.getInteger("gateway.drains", 2);

    private static final int ASKING = Integer.getInteger("gateway.handover.clients", 16);

    private static final int STREAMING = Integer.getInteger("gateway.handover.streams", 80);

    @TempDir
    private Path folder;

    private ListenerTls tls;

    /** Two machines: one serves while the other is replaced. */
    private Site[] sites;

    /** Where the balancer sends whoever connects. */
    private volatile Site chosen;

    @BeforeEach
    void start() throws Exception {
        tls = ListenerTls.issue(folder);
        sites = new Site[] {new Site(folder.resolve("0"), 10), new Site(folder.resolve("1"), 10)};
        for (Site site : sites) {
            site.drains(tls, "timeouts: {head: 60s, drain_delay: 10s, drain: 60s}\n");
        }
    }

    @AfterEach
    void stop() {
        for (Site site : sites) {
            site.close();
        }
    }

    @Test
    void noRequestFailsWhileTheBalancerTurnsToAnotherProcess() throws Exception {
        chosen = sites[0];
        ServerRun serving = chosen.serve("--access-log", "off");
        Tally tally = new Tally();
        try (Load load = new Load(tally, tls.trust())) {
            serving.address();
            load.start(ASKING, () -> chosen.port, () -> chosen.tlsPort, false);
            load.start(STREAMING, () -> chosen.port, () -> chosen.tlsPort, true);
            tally.await(100);
            long start = System.nanoTime();
            for (int i = 1; i <= DRAINS; i++) {
                Site site = sites[i % 2];
                ServerRun next = site.serve("--access-log", "off");
                next.address();
                serving.signal("TERM");
                awaitLeaving(chosen);
                // The balancer has not noticed: whoever connects is served all the same.
                tally.await(200);
                chosen = site;
                assertThat(serving.exit()).isZero();
                assertThat(serving.err()).anySatisfy(line -> assertThat(line).contains("stopped drained=true"));
                serving.close();
                serving = next;
                tally.await(100);
                assertThat(tally.failures()).as("after %d drains", i).isEmpty();
            }
            System.out.printf("drain: drains=%d %s%n", DRAINS, tally.told(System.nanoTime() - start));
            load.finish();
            assertThat(tally.failures()).isEmpty();
            assertThat(tally.streams()).isGreaterThanOrEqualTo(STREAMING);
        } finally {
            serving.close();
        }
    }

    private void awaitLeaving(Site site) throws IOException {
        while (true) {
            try (RawClient operator = RawClient.connect(
                    site.adminPort, new TlsSocket.Offer(tls.trust().context(), Site.HOST))) {
                operator.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
                if (operator.readMessage().startsWith("HTTP/1.1 503 ")) {
                    return;
                }
            }
        }
    }
}
