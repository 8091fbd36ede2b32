package io.costoptimal.gateway.server.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.Succession;
import io.costoptimal.gateway.testing.RawClient;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of a hand-over in one process, where the sockets handed over are pipes. */
@Timeout(60)
@SuppressWarnings("try")
class OfferTest {

    private static final InetSocketAddress FIRST = new InetSocketAddress("127.0.0.1", 8080);
    private static final InetSocketAddress SECOND = new InetSocketAddress("::1", 8080);

    /** Gives a process up as soon as it has the sockets. */
    private static final Offer.Patience IMPATIENT =
            new Offer.Patience(Duration.ofSeconds(20), Duration.ofMillis(1), Duration.ofMillis(1));

    @TempDir
    private Path folder;

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    /** How many times the server does not get all back that it let go of. */
    private volatile int lacking;

    private FileDescriptor[] sockets;
    private Path place;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Epoll.isAvailable(), "no epoll here");
        sockets = FileDescriptor.pipe();
        place = folder.resolve("hand-over");
    }

    @AfterEach
    void close() throws IOException {
        if (sockets != null) {
            sockets[0].close();
            sockets[1].close();
        }
    }

    private Offer offer() throws IOException {
        return Offer.at(place, side());
    }

    private Offer.Side side() {
        return new Offer.Side() {
            @Override
            public List<String> addresses() {
                return List.of(Listener.text(FIRST), Listener.text(SECOND));
            }

            @Override
            public List<Integer> descriptors() {
                return List.of(sockets[0].intValue(), sockets[1].intValue());
            }

            @Override
            public void pause() {
                told.add("pause");
            }

            @Override
            public boolean resume() {
                told.add("resume");
                return lacking-- <= 0;
            }

            @Override
            public void handedOver() {
                told.add("handed over");
            }
        };
    }

    private String told() throws InterruptedException {
        return told.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void eachSocketIsTakenByItsAddressAndTheEndOfTheFormerProcessIsTold() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (Offer offer = offer();
                Takeover takeover = Takeover.from(place)) {
            assertThat(told()).isEqualTo("pause");
            assertThat(takeover.isFromAnother()).isTrue();
            assertThat(taken(takeover, new InetSocketAddress("127.0.0.1", 8081)))
                    .isNull();
            Listener.OpenSocket second = taken(takeover, SECOND);
            assertThat(second.ownsFile()).isTrue();
            assertThat(taken(takeover, SECOND)).as("once for each").isNull();
            assertThat(link(second.descriptor())).isEqualTo(link(sockets[1].intValue()));
            takeover.serving(ended::countDown);
            assertThat(told()).isEqualTo("handed over");
            assertThat(place).doesNotExist();
            assertThat(takeover.sockets().isEmpty())
                    .as("what nobody took is closed")
                    .isTrue();
            offer.close();
            assertThat(ended.getCount()).as("the process still runs").isEqualTo(1);
            new FileDescriptor(second.descriptor()).close();
        }
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void aProcessThatEndsBeforeItServesChangesNothing() throws Exception {
        try (Offer offer = offer()) {
            for (int i = 0; i < 2; i++) {
                try (Takeover takeover = Takeover.from(place)) {
                    assertThat(told()).isEqualTo("pause");
                    takeover.sockets().closeRest();
                }
                assertThat(told()).isEqualTo("resume");
            }
            assertThat(place).exists();
        }
        assertThat(place).doesNotExist();
    }

    @Test
    void aProcessThatTakesTheSocketsAndHangsIsGivenUpAndTheNextOneMayTakeOver() throws Exception {
        try (Offer offer = Offer.at(place, side(), IMPATIENT);
                Takeover hanging = Takeover.from(place)) {
            assertThat(told()).isEqualTo("pause");
            assertThat(told()).isEqualTo("resume");
            assertThatThrownBy(() -> hanging.serving(() -> {})).isInstanceOf(IOException.class);
            assertThat(hanging.isGivenUp()).isTrue();
            try (Takeover next = Takeover.from(place)) {
                assertThat(next.isFromAnother()).isTrue();
                assertThat(told()).isEqualTo("pause");
                next.sockets().closeRest();
            }
        }
    }

    @Test
    void whatIsNotToBeHadBackAtOnceIsTriedAgain() throws Exception {
        lacking = 2;
        try (Offer offer = Offer.at(place, side(), IMPATIENT);
                Takeover hanging = Takeover.from(place)) {
            hanging.sockets().closeRest();
            for (String expected : List.of("pause", "resume", "resume", "resume")) {
                assertThat(told()).isEqualTo(expected);
            }
        }
        assertThat(told).as("nothing was lacking any more").isEmpty();
    }

    @Test
    void aProcessThatWasGivenUpDoesNotServeBesideTheOther() throws Exception {
        Path file = folder.resolve("gateway.yaml");
        Files.writeString(file, """
                listen: "127.0.0.1:0"
                hand_over: %s
                api_keys: [{key: k}]
                providers: [{id: a, base_url: "http://127.0.0.1:1"}]
                """.formatted(place));
        GatewayConfig config = ConfigFile.load(file, Map.of());
        try (Offer offer = Offer.at(place, side(), IMPATIENT);
                Succession late = Succession.of(config, Map.of());
                GatewayServer server = GatewayServer.start(config, late.sockets())) {
            assertThat(told()).isEqualTo("pause");
            assertThat(told()).isEqualTo("resume");
            assertThat(late.serving(server, () -> told.add("replaced"))).isFalse();
        }
        // Whose process has ended is not there to serve.
        try (Succession alone = Succession.of(config, Map.of());
                GatewayServer server = GatewayServer.start(config, alone.sockets())) {
            assertThat(alone.serving(server, () -> told.add("replaced"))).isTrue();
        }
        assertThat(told).isEmpty();
    }

    @Test
    void whileOneProcessTakesOverAnotherIsTurnedAway() throws Exception {
        try (Offer offer = offer()) {
            try (Takeover first = Takeover.from(place)) {
                assertThatThrownBy(() -> Takeover.from(place))
                        .isInstanceOf(IOException.class)
                        .hasMessage("hand_over " + place + ": the process that serves there does not hand over");
                first.serving(() -> {});
            }
            assertThat(told()).isEqualTo("pause");
            assertThat(told()).isEqualTo("handed over");
        }
    }

    @Test
    void whoSpeaksOtherwiseGetsNothing() throws Exception {
        try (Offer offer = offer()) {
            for (String said : List.of("GET / HTTP/1.1\r\n\r\n", "serving\n", "take\r\n")) {
                try (RawClient other = RawClient.connect(place)) {
                    assertThat(other.readUntil("\n")).isEqualTo("gateway-hand-over 1\t127.0.0.1:8080\t[::1]:8080\n");
                    other.send(said);
                    assertThat(other.readToEnd()).isEmpty();
                }
            }
            assertThat(told).isEmpty();
        }
    }

    @Test
    void onlyTheOwnerCanConnect() throws Exception {
        try (Offer offer = offer()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aSecondGatewayDoesNotWaitWhereAnotherDoes() throws Exception {
        try (Offer offer = offer()) {
            assertThatThrownBy(this::offer).hasMessage("hand_over " + place + ": another process listens there");
            assertThat(place).exists();
        }
    }

    @Test
    void nothingIsTakenWhereNobodyIs() throws Exception {
        try (Takeover takeover = Takeover.from(place)) {
            assertThat(takeover.isFromAnother()).isFalse();
            assertThat(takeover.sockets().isEmpty()).isTrue();
            takeover.serving(() -> told.add("ended"));
        }
        assertThat(told).isEmpty();
    }

    @Test
    void linesAreBoundedHoweverTheyAreCut() {
        List<String> lines = new ArrayList<>();
        Lines reader = new Lines();
        for (String part : List.of("ta", "ke\nser", "ving\n", "x".repeat(40_000), "x".repeat(40_000), "take\n")) {
            reader.add(Unpooled.copiedBuffer(part, StandardCharsets.UTF_8), lines::add);
        }
        assertThat(lines).containsExactly("take", "serving", "", "take");
    }

    private static Listener.OpenSocket taken(Takeover takeover, SocketAddress address) {
        return takeover.sockets().take(address);
    }

    /** What a descriptor of this process is open for. */
    private static Path link(int descriptor) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
    }
}
