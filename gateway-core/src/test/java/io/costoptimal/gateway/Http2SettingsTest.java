package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.DATA;
import static io.costoptimal.gateway.testing.RawHttp2Client.END_HEADERS;
import static io.costoptimal.gateway.testing.RawHttp2Client.END_STREAM;
import static io.costoptimal.gateway.testing.RawHttp2Client.HEADERS;
import static io.costoptimal.gateway.testing.RawHttp2Client.PING;
import static io.costoptimal.gateway.testing.RawHttp2Client.RST_STREAM;
import static io.costoptimal.gateway.testing.RawHttp2Client.block;
import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Answer;
import io.costoptimal.gateway.testing.RawHttp2Client.Frame;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client by HTTP/2 asks for in its SETTINGS, at the beginning and later (RFC 9113, 6.5.2). */
class Http2SettingsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final int TABLE_SIZE = 1;
    private static final int WINDOW = 4;
    private static final int FRAME_SIZE = 5;

    /** A block that begins so says that the table has room for nothing (RFC 7541, 6.3). */
    private static final byte NO_TABLE = 0x20;

    private static void sync(RawHttp2Client client) throws Exception {
        client.ping(1);
        client.read(PING, 0);
    }

    private static byte firstOf(RawHttp2Client client, int stream) throws Exception {
        client.chat(stream, BODY);
        return client.read(HEADERS, stream).payload()[0];
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1024, 4096, 65_536, Integer.MAX_VALUE})
    void aClientThatNamesTheSizeOfItsTableIsToldOnceThatItIsNotUsed(int size) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), TABLE_SIZE, size)) {
            assertThat(firstOf(client, 1)).isEqualTo(NO_TABLE);
            assertThat(firstOf(client, 3)).isNotEqualTo(NO_TABLE);
        }
    }

    @Test
    void aClientThatNamesNoSizeIsToldNone() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), WINDOW, 65_535)) {
            assertThat(firstOf(client, 1)).isNotEqualTo(NO_TABLE);
        }
    }

    @Test
    void aTableThatGrowsAndShrinksSeveralTimesIsAnsweredAfterEachChange() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), TABLE_SIZE, 1024, TABLE_SIZE, 4096)) {
            assertThat(firstOf(client, 1)).isEqualTo(NO_TABLE);
            client.settings(TABLE_SIZE, 8192);
            client.settings(TABLE_SIZE, 100);
            client.settings(TABLE_SIZE, 0);
            client.chat(3, BODY);
            byte[] changed = client.read(HEADERS, 3).payload();
            assertThat(changed[0]).isEqualTo(NO_TABLE);
            assertThat(changed[1]).isNotEqualTo(NO_TABLE);
            client.settings(WINDOW, 70_000);
            assertThat(firstOf(client, 5)).isNotEqualTo(NO_TABLE);
            client.settings(TABLE_SIZE, 0);
            assertThat(firstOf(client, 7)).isEqualTo(NO_TABLE);
        }
    }

    @Test
    void anAnswerOfTheGatewaysOwnTellsTheSizeToo() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), TABLE_SIZE, 0)) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "g", ":path", "/health");
            assertThat(client.read(HEADERS, 1).payload()[0]).isEqualTo(NO_TABLE);
        }
    }

    @Test
    void anInterimAnswerTellsTheSizeForTheOneThatFollows() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), TABLE_SIZE, 0)) {
            client.headers(1, false, chatHead("expect", "100-continue"));
            assertThat(client.read(HEADERS, 1).payload()[0]).isEqualTo(NO_TABLE);
            client.data(1, true, BODY);
            assertThat(client.read(HEADERS, 1).payload()[0]).isNotEqualTo(NO_TABLE);
        }
    }

    @Test
    void aHeadOfSeveralFramesBeginsWithTheSizeAndIsWhole() throws Exception {
        String value = "v".repeat(20_000);
        try (ScriptedOrigin origin =
                        Http2RequestsTest.answering(OK.replace("\r\n\r\n", "\r\nX-Long: " + value + "\r\n\r\n"));
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), TABLE_SIZE, 0)) {
            client.chat(1, BODY);
            Answer answer = client.answer(1);
            assertThat(answer.fields()).containsEntry("x-long", value);
            assertThat(answer.body()).isEqualTo("hi");
        }
    }

    /** Netty refuses trailers that are too long, before they reach the request that they belong to. */
    @Test
    void theRefusalOfTrailersBeginsWithTheSize() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), TABLE_SIZE, 0)) {
            client.headers(1, false, chatHead());
            byte[] trailers = block("x", "v".repeat(30_000));
            client.frame(HEADERS, END_STREAM, 1, Arrays.copyOf(trailers, 16_384));
            for (int at = 16_384; at < trailers.length; at += 16_384) {
                int end = Math.min(trailers.length, at + 16_384);
                client.frame(
                        RawHttp2Client.CONTINUATION,
                        end == trailers.length ? END_HEADERS : 0,
                        1,
                        Arrays.copyOfRange(trailers, at, end));
            }
            Frame refusal = client.next(1);
            assertThat(refusal.type()).isEqualTo(HEADERS);
            assertThat(refusal.payload()).startsWith(NO_TABLE, 0x08, 3, '4', '3', '1');
            assertThat(client.next(1).type()).isEqualTo(RST_STREAM);
            assertThat(firstOf(client, 3)).isNotEqualTo(NO_TABLE);
        }
    }

    @Test
    void anAnswerWaitsForAWindowThatSettingsOpen() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), WINDOW, 0)) {
            client.chat(1, BODY);
            client.read(HEADERS, 1);
            sync(client);
            client.settings(WINDOW, 1);
            Frame first = client.read(DATA, 1);
            assertThat(first.payload()).containsExactly('h');
            assertThat(first.has(END_STREAM)).isFalse();
            client.settings(WINDOW, 2);
            Frame last = client.read(DATA, 1);
            assertThat(last.payload()).containsExactly('i');
            assertThat(last.has(END_STREAM)).isTrue();
        }
    }

    /** RFC 9113, 6.9.2: a window that SETTINGS make smaller may fall below zero, and is given back from there. */
    @Test
    void aWindowThatSettingsMakeNegativeIsWaitedForToItsEnd() throws Exception {
        String body = "0123456789";
        try (ScriptedOrigin origin =
                        Http2RequestsTest.answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" + body);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), WINDOW, 4)) {
            client.chat(1, BODY);
            assertThat(client.read(DATA, 1).payload()).hasSize(4);
            client.settings(WINDOW, 1);
            // The window is -3 now, and 0 after this.
            client.window(1, 3);
            sync(client);
            client.window(1, 6);
            Frame rest = client.read(DATA, 1);
            assertThat(rest.payload()).isEqualTo("456789".getBytes(US_ASCII));
            assertThat(rest.has(END_STREAM)).isTrue();
        }
    }

    @Test
    void aRefusalWhoseClientTakesNothingHasItsHeadAtOnce() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), WINDOW, 0)) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "g", ":path", "/nowhere");
            Frame head = client.read(HEADERS, 1);
            assertThat(head.has(END_STREAM)).isFalse();
            sync(client);
            client.window(1, 65_535);
            assertThat(client.read(DATA, 1).payload()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16_384, 16_385, 16_777_215})
    void framesAreNeverLongerThanEveryClientTakes(int named) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(
                        "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + "x".repeat(60_000));
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), FRAME_SIZE, named)) {
            client.chat(1, BODY);
            client.read(HEADERS, 1);
            int read = 0;
            while (read < 60_000) {
                byte[] part = client.read(DATA, 1).payload();
                assertThat(part.length).isBetween(1, 16_384);
                read += part.length;
            }
        }
    }
}
