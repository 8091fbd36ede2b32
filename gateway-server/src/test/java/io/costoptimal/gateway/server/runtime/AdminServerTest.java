package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.Listener.Endpoint;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.server.admin.AdminKeys;
import io.costoptimal.gateway.server.admin.AdminServer;
import io.costoptimal.gateway.server.metrics.Metrics;
import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AdminServerTest {

    private static final AdminKeys KEYS = AdminKeys.of(List.of(
            KeyEntry.of("admin-key", new Principal("ops", Principal.Role.ADMIN)),
            KeyEntry.of("client-key", new Principal("team", Principal.Role.CLIENT))));
    private static final AdminServer.Access ACCESS = new AdminServer.Access(Set.of(), () -> KEYS, System::nanoTime);

    private final AtomicBoolean draining = new AtomicBoolean();
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer admin;

    @BeforeEach
    void start() throws IOException {
        admin = AdminServer.start(
                new InetSocketAddress("0.0.0.0", 0), ACCESS, AdminRoutes.of(new Metrics(), draining::get));
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /metrics, 200",
        "HEAD, /metrics, 200",
        "GET, /healthz, 200",
        "GET, /readyz, 200",
        "GET, /, 303",
        "GET, /nowhere, 404",
        "GET, /metrics/x, 404",
        "POST, /metrics, 405"
    })
    void answersOnLoopbackWithoutAKey(String method, String path, int status) throws Exception {
        assertThat(ask(InetAddress.getLoopbackAddress(), method, path, null).statusCode())
                .isEqualTo(status);
    }

    @Test
    void isNotReadyWhileDraining() throws Exception {
        draining.set(true);

        HttpResponse<String> answer = ask(InetAddress.getLoopbackAddress(), "GET", "/readyz", null);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("draining");
    }

    @Test
    void showsMetricsToAdminsOnlyBeyondLoopback() throws Exception {
        Optional<InetAddress> outer = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address.getAddress().length == 4 && !address.isLoopbackAddress())
                .findFirst();
        Assumptions.assumeTrue(outer.isPresent(), "this machine has loopback alone");

        assertThat(ask(outer.get(), "GET", "/metrics", null).statusCode()).isEqualTo(401);
        assertThat(ask(outer.get(), "GET", "/metrics", "Bearer client-key").statusCode())
                .isEqualTo(401);
        assertThat(ask(outer.get(), "GET", "/metrics", "Basic admin-key").statusCode())
                .isEqualTo(401);
        assertThat(ask(outer.get(), "GET", "/metrics", "bearer admin-key").statusCode())
                .isEqualTo(200);
        assertThat(ask(outer.get(), "GET", "/healthz", null).statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhichAddressItCannotHave() {
        assertThatThrownBy(() -> AdminServer.start(admin.address(), ACCESS, List.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("admin.listen")
                .hasMessageContaining(Integer.toString(admin.address().getPort()));
    }

    @Test
    void operatorsComeByAFileAsByLoopback(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("admin.sock");
        Endpoint at = new Endpoint(UnixDomainSocketAddress.of(file), PosixFilePermissions.fromString("rw-------"));
        try (AdminServer server = AdminServer.start(at, ACCESS, null, AdminRoutes.of(new Metrics(), draining::get))) {
            assertThat(server.address()).isNull();
            assertThat(server.listening()).isEqualTo("unix:" + file);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(ask(file, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
            assertThat(ask(file, "GET /session HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 401 ");
            assertThat(ask(file, "GET /metrics HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n"))
                    .startsWith("HTTP/1.1 421 ");

            server.pause();
            assertThat(file).doesNotExist();
            try (AdminServer other = AdminServer.start(at, ACCESS, null, List.of())) {
                assertThatThrownBy(server::resume).hasMessageContaining("admin.listen unix:" + file);
                assertThat(other.listening()).isEqualTo("unix:" + file);
            }
            server.resume();
            assertThat(ask(file, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void operatorsComeByIpv6() throws Exception {
        InetSocketAddress loopback = new InetSocketAddress("::1", 0);
        try (AdminServer server = AdminServer.start(loopback, ACCESS, AdminRoutes.of(new Metrics(), draining::get));
                RawClient operator = RawClient.connect(server.address())) {
            operator.send("GET /metrics HTTP/1.1\r\nHost: " + server.listening() + "\r\n\r\n");
            assertThat(server.listening()).isEqualTo("[::1]:" + server.address().getPort());
            assertThat(operator.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String ask(Path file, String request) throws IOException {
        try (RawClient operator = RawClient.connect(file)) {
            operator.send(request);
            return operator.readMessage();
        }
    }

    private HttpResponse<String> ask(InetAddress host, String method, String path, String credential) throws Exception {
        URI uri = URI.create(
                "http://" + host.getHostAddress() + ":" + admin.address().getPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
        if (credential != null) {
            request.header("authorization", credential);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
