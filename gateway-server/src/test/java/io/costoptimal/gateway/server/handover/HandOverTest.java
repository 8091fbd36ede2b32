package io.costoptimal.gateway.server.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process takes over from another, as an operator has it. */
@Timeout(180)
class HandOverTest {

    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site(folder);
        site.handsOver("");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aConnectionThatWasIdleHasOneMoreRequestAnsweredByTheOldProcess() throws Exception {
        try (ServerRun old = site.serve()) {
            old.address();
            try (RawClient idle = RawClient.connect(site.port);
                    RawClient used = RawClient.connect(site.port)) {
                used.send(Site.REQUEST);
                assertThat(used.readMessage()).startsWith("HTTP/1.1 200 ").doesNotContain("onnection: close");
                try (ServerRun next = site.serve()) {
                    next.address();
                    old.await(line -> line.contains("handed_over "));
                    for (RawClient client : List.of(idle, used)) {
                        client.send(Site.REQUEST);
                        assertThat(client.readMessage())
                                .startsWith("HTTP/1.1 200 ")
                                .containsIgnoringCase("\r\nconnection: close\r\n");
                        assertThat(client.readToEnd()).isEmpty();
                    }
                    assertThat(old.exit()).isZero();
                    assertThat(old.out()).hasSize(3);
                    assertThat(next.out()).isEmpty();
                }
            }
        }
    }

    @Test
    void sigtermClosesWhatIsIdleInTheOldProcessAndLeavesWhatTheNewOneServes() throws Exception {
        try (ServerRun old = site.serve()) {
            old.address();
            try (RawClient idle = RawClient.connect(site.port);
                    RawClient streaming = RawClient.connect(site.port)) {
                streaming.send(Site.REQUEST.replace("13\r\n\r\n{", "27\r\n\r\n{\"stream\":true,"));
                streaming.readUntil("data: ");
                try (ServerRun next = site.serve()) {
                    next.address();
                    old.await(line -> line.contains("handed_over "));
                    old.signal("TERM");
                    assertThat(idle.readToEnd()).isEmpty();
                    assertThat(streaming.readUntil("\r\n0\r\n\r\n")).contains("data: [DONE]");
                    assertThat(old.exit()).isZero();
                    try (RawClient client = RawClient.connect(site.socket)) {
                        client.send(Site.REQUEST);
                        assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                    }
                }
            }
        }
    }

    /** Before it listens, or after it has taken over every socket. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aProcessThatCannotStartLeavesTheOldOneServing(boolean listened) throws Exception {
        try (ServerRun old = site.serve();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            old.address();
            String working = Files.readString(site.config);
            String busy = "127.0.0.1:" + taken.getLocalPort();
            Files.writeString(
                    site.config,
                    listened
                            ? working.replace("127.0.0.1:" + site.adminPort, busy)
                            : working.replace("{listen: \"unix:", "{listen: " + busy + "}, {listen: \"unix:"));
            try (ServerRun next = site.serve()) {
                assertThat(next.exit()).isEqualTo(1);
                assertThat(next.err()).anySatisfy(line -> assertThat(line).contains(busy));
            }
            old.await(line -> line.contains("hand_over_failed"));
            try (RawClient client = RawClient.connect(site.port);
                    RawClient byFile = RawClient.connect(site.socket);
                    RawClient operator = RawClient.connect(site.adminPort)) {
                client.send(Site.REQUEST);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").doesNotContain("onnection: close");
                byFile.send(Site.REQUEST);
                assertThat(byFile.readMessage()).startsWith("HTTP/1.1 200 ");
                operator.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(operator.readMessage()).startsWith("HTTP/1.1 200 ");
            }
            Files.writeString(site.config, working);
            try (ServerRun next = site.serve()) {
                next.address();
                assertThat(old.exit()).isZero();
                assertThat(site.socket).exists();
                next.signal("TERM");
                assertThat(next.exit()).isZero();
                assertThat(site.socket).as("of the process that took over").doesNotExist();
            }
        }
    }

    @Test
    void theAccessLogIsPutAsideOnceTheOldProcessHasEnded() throws Exception {
        site.handsOver("access_log: {roll_size: 4kb, compress: false}\n");
        String log = folder.resolve("access.log").toString();
        try (ServerRun old = site.serve("--access-log", log);
                RawClient idle = afterStart(old)) {
            try (ServerRun next = site.serve("--access-log", log);
                    RawClient client = afterStart(next)) {
                int requests = 0;
                for (; requests < 30; requests++) {
                    ask(client);
                }
                ask(idle);
                assertThat(old.exit()).isZero();
                assertThat(logs()).hasSize(1);
                while (logs().size() == 1) {
                    ask(client);
                    requests++;
                }
                next.signal("TERM");
                assertThat(next.exit()).isZero();
                int lines = 0;
                for (Path file : logs()) {
                    lines += Files.readAllLines(file).size();
                }
                assertThat(lines).isEqualTo(requests + 1);
            }
        }
    }

    private RawClient afterStart(ServerRun run) throws Exception {
        run.address();
        return RawClient.connect(site.port);
    }

    private static void ask(RawClient client) throws IOException {
        client.send(Site.REQUEST);
        assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("access.log"))
                    .toList();
        }
    }

    @Test
    void aFileThatAKilledProcessLeftBehindIsNoProcess() throws Exception {
        try (ServerRun killed = site.serve()) {
            killed.address();
            killed.signal("KILL");
            killed.exit();
        }
        assertThat(site.place).exists();
        try (ServerRun next = site.serve()) {
            next.address();
            try (RawClient client = RawClient.connect(site.socket)) {
                client.send(Site.REQUEST);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            }
        }
    }
}
