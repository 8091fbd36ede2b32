package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.CONTINUATION;
import static io.costoptimal.gateway.testing.RawHttp2Client.DATA;
import static io.costoptimal.gateway.testing.RawHttp2Client.HEADERS;
import static io.costoptimal.gateway.testing.RawHttp2Client.PING;
import static io.costoptimal.gateway.testing.RawHttp2Client.PRIORITY;
import static io.costoptimal.gateway.testing.RawHttp2Client.RST_STREAM;
import static io.costoptimal.gateway.testing.RawHttp2Client.SETTINGS;
import static io.costoptimal.gateway.testing.RawHttp2Client.WINDOW_UPDATE;
import static io.costoptimal.gateway.testing.RawHttp2Client.block;
import static io.costoptimal.gateway.testing.RawHttp2Client.bytes;
import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Frame;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients by HTTP/2 that cost the gateway more than themselves, and what becomes of them and of others. */
@Timeout(120)
class Http2FloodsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int CANCEL = 8;
    private static final int COMPRESSION_ERROR = 9;
    private static final int CALM = 11;
    private static final EngineCounts.Floods NONE = new EngineCounts.Floods(0, 0, 0);
    private static final EngineCounts.Floods FRAMES = new EngineCounts.Floods(1, 0, 0);
    private static final EngineCounts.Floods RESETS = new EngineCounts.Floods(0, 1, 0);
    private static final int END_STREAM = RawHttp2Client.END_STREAM;
    private static final int END_HEADERS = RawHttp2Client.END_HEADERS;

    /** Frames that go on until the connection is closed. */
    static Stream<Arguments> floods() {
        byte[] one = {0, 0, 0, 1};
        return Stream.of(
                Arguments.of("PING", bytes(PING, 0, 0, new byte[8])),
                Arguments.of("PING acknowledged unasked", bytes(PING, RawHttp2Client.ACK, 0, new byte[8])),
                Arguments.of("SETTINGS", bytes(SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, -1, -1})),
                Arguments.of("empty SETTINGS", bytes(SETTINGS, 0, 0, new byte[0])),
                Arguments.of("PRIORITY", bytes(PRIORITY, 0, 5, new byte[5])),
                Arguments.of("WINDOW_UPDATE of the connection", bytes(WINDOW_UPDATE, 0, 0, one)),
                Arguments.of("WINDOW_UPDATE of a stream", bytes(WINDOW_UPDATE, 0, 1, one)),
                Arguments.of("empty DATA", bytes(DATA, 0, 1, new byte[0])),
                Arguments.of("DATA of padding", bytes(DATA, RawHttp2Client.PADDED, 1, new byte[] {3, 0, 0, 0})),
                Arguments.of("RST_STREAM of a closed stream", bytes(RST_STREAM, 0, 3, one)),
                Arguments.of("frames of unknown type", bytes(0x7f, 0, 0, new byte[0])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aFloodEndsItsConnectionAndNoOther(String name, byte[] frame) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client other = RawHttp2Client.connect(gateway.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            // One that is open, and one that is closed.
            client.headers(1, false, chatHead());
            client.headers(3, true, chatHead());
            client.answer(3);

            assertThat(floods(client, frame)).isEqualTo(CALM);
            assertThat(floods(gateway)).isEqualTo(FRAMES);
            other.chat(1, BODY);
            assertThat(other.answer(1).status()).isEqualTo(200);
        }
    }

    /** Sends {@code frame} on and on; the code of the GOAWAY that comes of it. */
    private static int floods(RawHttp2Client client, byte[] frame) throws IOException {
        byte[] many = new byte[frame.length * 100];
        for (int i = 0; i < many.length; i++) {
            many[i] = frame[i % frame.length];
        }
        return goesOn(client, 200, i -> client.send(many));
    }

    /** Something that a client does again and again. */
    private interface Step {
        void take(int i) throws IOException;
    }

    /** Does so many steps, or as many as there is a connection for; the code of the GOAWAY that comes of it. */
    private static int goesOn(RawHttp2Client client, int steps, Step step) throws IOException {
        try {
            for (int i = 0; i < steps; i++) {
                step.take(i);
            }
        } catch (IOException closed) {
            // As it should be; why it was closed is read below.
        }
        Frame goAway = client.readToClose();
        assertThat(goAway).as("the GOAWAY before the close").isNotNull();
        return goAway.number(4);
    }

    private static EngineCounts.Floods floods(TestGateway gateway) {
        return gateway.gateway().counts().floods();
    }

    /** Waits until no exchange runs: the client may see the end of its connection a moment before the gateway is through with it. */
    private static void awaitNoExchange(TestGateway gateway) {
        while (gateway.gateway().counts().inFlight().values().stream().anyMatch(running -> running != 0)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void streamsThatAreResetAtOnceEndTheConnection() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            int code = goesOn(client, 1000, i -> {
                client.headers(2 * i + 1, false, chatHead());
                client.reset(2 * i + 1, CANCEL);
            });
            assertThat(code).isEqualTo(CALM);
            assertThat(floods(gateway)).isEqualTo(RESETS);
            awaitNoExchange(gateway);
        }
    }

    @Test
    void resetsThatTheClientProvokesEndTheConnectionToo() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            int code = goesOn(client, 1000, i -> {
                client.headers(2 * i + 1, false, chatHead());
                // A window of no size: the stream is in error, and the gateway has to reset it (CVE-2025-8671).
                client.window(2 * i + 1, 0);
            });
            assertThat(code).isEqualTo(CALM);
            assertThat(floods(gateway)).isEqualTo(RESETS);
            awaitNoExchange(gateway);
        }
    }

    @Test
    void streamsBeyondTheLimitOnAndOnEndTheConnection() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            int code = goesOn(client, 1000, i -> client.headers(2 * i + 1, false, chatHead()));
            assertThat(code).isEqualTo(CALM);
            assertThat(floods(gateway)).isEqualTo(RESETS);
        }
    }

    @Test
    void aClientThatGetsItsAnswersMayResetAsManyStreamsAsItHasAnswers() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            int stream = 1;
            for (int i = 0; i < 300; i++) {
                client.headers(stream, false, chatHead());
                client.reset(stream, CANCEL);
                stream += 2;
                client.chat(stream, BODY);
                assertThat(client.answer(stream).status()).isEqualTo(200);
                stream += 2;
            }
            assertThat(floods(gateway)).isEqualTo(NONE);
        }
    }

    /** One WINDOW_UPDATE for the stream and one for the connection, for each frame of a long answer. */
    @Test
    void aClientThatGivesWindowsBackFrameByFrameIsNoFlood() throws Exception {
        int length = 32 * 1024 * 1024;
        byte[] part = new byte[64 * 1024];
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    for (int sent = 0; sent < length; sent += part.length) {
                        connection.send(part);
                    }
                    connection.readToEnd();
                });
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.window(0, 1 << 20);
            client.chat(1, BODY);
            client.window(1, 1 << 20);
            int received = 0;
            while (received < length) {
                int n = client.read(DATA, 1).payload().length;
                received += n;
                if (n > 0) {
                    client.window(0, n);
                    client.window(1, n);
                }
            }
            assertThat(received).isEqualTo(length);
            assertThat(floods(gateway)).isEqualTo(NONE);
        }
    }

    @Test
    void aHeadInEndlessPiecesEndsTheConnection() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.frame(HEADERS, END_STREAM, 1, block(chatHead()));

            assertThat(floods(client, bytes(CONTINUATION, 0, 1, new byte[0]))).isEqualTo(CALM);
            assertThat(floods(gateway)).isEqualTo(new EngineCounts.Floods(0, 0, 1));
        }
    }

    @Test
    void aHeadInManyLargePiecesTakesNoMoreThanALargeHead() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.frame(HEADERS, END_STREAM, 1, block(chatHead()));
            byte[] piece = block("x-large", "v".repeat(16_000));

            // Not a flood, but a head that no client may send.
            assertThat(floods(client, bytes(CONTINUATION, 0, 1, piece))).isEqualTo(PROTOCOL_ERROR);
            assertThat(floods(gateway)).isEqualTo(NONE);
        }
    }

    @Test
    void aHeadThatGrowsWhenItIsUnpackedIsRefused() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            // One field of 3 000 bytes enters the table, and is then named again and again by one byte each time.
            byte[] field = indexed("x-bomb", "v".repeat(3000));
            byte[] head = block(chatHead());
            byte[] bomb = new byte[head.length + field.length + 1000];
            System.arraycopy(head, 0, bomb, 0, head.length);
            System.arraycopy(field, 0, bomb, head.length, field.length);
            java.util.Arrays.fill(bomb, head.length + field.length, bomb.length, (byte) (0x80 | 62));
            client.frame(HEADERS, END_STREAM | END_HEADERS, 1, bomb);

            assertThat(client.answer(1).status()).isEqualTo(431);
        }
    }

    private static byte[] indexed(String name, String value) {
        io.netty.buffer.ByteBuf out = io.netty.buffer.Unpooled.buffer();
        out.writeByte(0x40)
                .writeByte(name.length())
                .writeCharSequence(name, java.nio.charset.StandardCharsets.US_ASCII);
        out.writeByte(0x7f);
        int left = value.length() - 0x7f;
        for (; left >= 0x80; left >>>= 7) {
            out.writeByte(0x80 | left & 0x7f);
        }
        out.writeByte(left).writeCharSequence(value, java.nio.charset.StandardCharsets.US_ASCII);
        return io.netty.buffer.ByteBufUtil.getBytes(out);
    }

    /** Frames that no connection survives, and the error that it is told. */
    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(bytes(DATA, 0, 0, new byte[1]), PROTOCOL_ERROR),
                Arguments.of(bytes(DATA, 0, 9, new byte[1]), PROTOCOL_ERROR),
                Arguments.of(bytes(HEADERS, END_HEADERS, 0, new byte[0]), PROTOCOL_ERROR),
                Arguments.of(bytes(HEADERS, END_HEADERS, 2, block(chatHead())), PROTOCOL_ERROR),
                Arguments.of(bytes(HEADERS, END_HEADERS, 1, new byte[] {(byte) 0xff, 0x7f}), COMPRESSION_ERROR),
                Arguments.of(bytes(CONTINUATION, END_HEADERS, 1, new byte[0]), PROTOCOL_ERROR),
                Arguments.of(
                        bytes(RawHttp2Client.PUSH_PROMISE, END_HEADERS, 1, new byte[] {0, 0, 0, 2}), PROTOCOL_ERROR),
                Arguments.of(bytes(RST_STREAM, 0, 9, new byte[4]), PROTOCOL_ERROR),
                Arguments.of(bytes(RST_STREAM, 0, 1, new byte[3]), FRAME_SIZE_ERROR),
                Arguments.of(bytes(SETTINGS, 0, 0, new byte[5]), FRAME_SIZE_ERROR),
                Arguments.of(bytes(SETTINGS, 0, 1, new byte[0]), PROTOCOL_ERROR),
                Arguments.of(bytes(SETTINGS, RawHttp2Client.ACK, 0, new byte[6]), FRAME_SIZE_ERROR),
                Arguments.of(bytes(SETTINGS, 0, 0, new byte[] {0, 2, 0, 0, 0, 2}), PROTOCOL_ERROR),
                Arguments.of(bytes(SETTINGS, 0, 0, new byte[] {0, 4, -1, -1, -1, -1}), FLOW_CONTROL_ERROR),
                Arguments.of(bytes(SETTINGS, 0, 0, new byte[] {0, 5, 0, 0, 0, 1}), PROTOCOL_ERROR),
                Arguments.of(bytes(PING, 0, 0, new byte[7]), FRAME_SIZE_ERROR),
                Arguments.of(bytes(PING, 0, 1, new byte[8]), PROTOCOL_ERROR),
                Arguments.of(bytes(WINDOW_UPDATE, 0, 0, new byte[4]), PROTOCOL_ERROR),
                Arguments.of(bytes(WINDOW_UPDATE, 0, 0, new byte[] {0x7f, -1, -1, -1}), FLOW_CONTROL_ERROR),
                Arguments.of(bytes(0x7f, 0, 0, new byte[16_385]), FRAME_SIZE_ERROR));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void framesThatBreakTheProtocolEndTheConnection(byte[] frame, int code) throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.send(frame);

            assertThat(client.readToClose().number(4)).isEqualTo(code);
        }
    }

    @Test
    void aFrameWithinAHeadEndsTheConnection() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.frame(HEADERS, END_STREAM, 1, block(chatHead()));
            client.ping(1);

            assertThat(client.readToClose().number(4)).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void aWindowBeyondTheMostIsAnErrorOfItsStream() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead());
            client.window(1, 0x7fff_ffff);

            assertThat(client.answer(1).reset()).isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void aTinyHeaderListOfTheClientsStopsNoAnswer() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), 6, 1)) {
            client.chat(1, BODY);
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }
}
