package io.costoptimal.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How a port without TLS tells HTTP/2 from HTTP/1. */
class Http2PrefaceTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    @Test
    void thePrefaceIsKnownHoweverItIsCut() throws Exception {
        byte[] preface = RawHttp2Client.PREFACE.getBytes(US_ASCII);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port())) {
            for (int cut = 1; cut < preface.length; cut++) {
                try (RawHttp2Client client = RawHttp2Client.silent(gateway.port(), 0)) {
                    client.send(Arrays.copyOf(preface, cut));
                    client.send(Arrays.copyOfRange(preface, cut, preface.length));
                    client.settings();
                    client.chat(1, BODY);

                    assertThat(client.answer(1).body()).isEqualTo("hi");
                }
            }
        }
    }

    @Test
    void http1IsServedOnTheSamePortHoweverItsFirstBytesAreCut() throws Exception {
        String request = TestGateway.chat(BODY);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port())) {
            for (int cut = 1; cut < 30; cut++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.send(request.getBytes(US_ASCII), cut);
                    assertThat(client.readMessage()).endsWith("\r\n\r\nhi");
                }
            }
        }
    }

    @Test
    void aRequestThatBeginsLikeThePrefaceIsNotServed() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 505 ");
        }
    }

    @Test
    void aPlainPortThatWasNotAskedToKnowsNoPreface() throws Exception {
        try (TestGateway gateway = TestGateway.routing("gpt-4o", null, 1);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(RawHttp2Client.PREFACE);
            assertThat(client.readMessage()).startsWith("HTTP/1.1 505 ");
        }
    }
}
