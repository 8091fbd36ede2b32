package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Answer;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads of requests by HTTP/2 that are not served, and that nothing else of their connection suffers from them. */
class Http2RefusedHeadsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    private static final int PROTOCOL_ERROR = 1;

    @ParameterizedTest
    @CsvSource({
        ":path, /v1/chat completions, 400",
        ":path, '/v1/chat/completions\u00e4', 400",
        ":path, v1/chat/completions, 400",
        ":path, /v1//chat/completions, 404",
        ":path, /v1/nothing, 404",
        ":path, *, 404",
        ":authority, user@g, 400",
        ":method, CONNECT, 501",
        ":method, TRACE, 501",
        ":method, DELETE, 405",
    })
    void whatHttp1RefusesIsRefused(String name, String value, int status) throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            String[] head = chatHead();
            for (int i = 0; i < head.length; i += 2) {
                head[i + 1] = head[i].equals(name) ? value : head[i + 1];
            }
            client.headers(1, true, head);

            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(status == 404 && value.contains("//") ? 400 : status);
            assertThat(answer.ended()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connection, close",
        "transfer-encoding, chunked",
        "keep-alive, '1'",
        "upgrade, h2c",
        "proxy-connection, close",
        "te, gzip",
        "X-Upper, a",
        "x y, a",
        "x-value, 'a\r\nx-smuggled: 1'",
        "x-value, 'a\0'",
        ":status, 200",
        ":unknown, a",
        ":path, /twice",
        "content-length, '+1'",
        "content-length, '1, 2'",
    })
    void whatHttp2ForbidsIsAMalformedRequest(String name, String value) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead(name, value));
            assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
            assertThat(origin.connections()).isEmpty();

            client.chat(3, BODY);
            assertThat(client.answer(3).body()).isEqualTo("hi");
        }
    }

    @ParameterizedTest
    @CsvSource({"17", "19"})
    void aBodyOfAnotherLengthThanAnnouncedReachesNoProvider(int announced) throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead("content-length", Integer.toString(announced)));
            client.data(1, true, BODY);

            assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
            assertThat(origin.connections()).isEmpty();
        }
    }

    @Test
    void aHostThatIsNotTheAuthorityIsRefused() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, true, chatHead("host", "other"));

            assertThat(client.answer(1).status()).isEqualTo(400);
        }
    }

    @Test
    void aHeadThatIsTooLargeIsAnsweredAndTheNextIsServed() throws Exception {
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead("x-large", "v".repeat(16_000), "x-too-large", "v".repeat(300)));
            assertThat(client.answer(1).status()).isEqualTo(431);
            client.chat(3, BODY);
            assertThat(client.answer(3).body()).isEqualTo("hi");
        }
    }
}
