package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** {@code health} against a listener that is well and draining. */
@Timeout(60)
class HealthCommandTest {

    private final StringWriter err = new StringWriter();
    private HttpServer gateway;

    @BeforeEach
    void start() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/healthz", 200);
        answer("/readyz", 503);
        gateway.start();
    }

    private void answer(String path, int status) {
        gateway.createContext(path, exchange -> {
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        gateway.stop(0);
    }

    @Test
    void succeedsWhereTheGatewayServes() {
        assertThat(run("health", address())).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void failsWhenAskedWhetherADrainingGatewayIsReady() {
        assertThat(run("health", "--ready", address())).isEqualTo(1);
        assertThat(err.toString().lines()).containsExactly("http://" + address() + "/readyz: 503 (expected: 200)");
    }

    @Test
    void failsInOneLineWhereNobodyListens() {
        String address = address();
        gateway.stop(0);

        assertThat(run("health", address)).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("http://" + address + "/healthz: ");
    }

    @Test
    void failsInOneLineWhenTheAddressIsNone() {
        assertThat(run("health", "no address")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().endsWith("(expected: 200)");
    }

    @Test
    void saysThatThereIsNoSuchHost() {
        // Too long for a label of a name, so that nobody needs to be asked.
        String host = "x".repeat(64);

        assertThat(run("health", host + ":80")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("http://" + host + ":80/healthz: no such host (expected: 200)");
    }

    private String address() {
        return "127.0.0.1:" + gateway.getAddress().getPort();
    }

    private int run(String... args) {
        CommandLine line = Main.commandLine();
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }
}
