package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9112 section 3.2.2. */
class AbsoluteFormTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BODY = "{\"model\":\"gpt-4o\"}";

    @ParameterizedTest
    @CsvSource({
        "http://host/v1/chat/completions, /v1/chat/completions",
        "HTTPS://host:8443/v1/models?a=b, /v1/models?a=b",
        "http://[::1]:80/x, /x",
        "http://my_llm/x?y=http://z/, /x?y=http://z/",
        "http://host, /",
        "http://host?a, /?a",
        "/v1/models, /v1/models",
        "*, *",
        "ftp://host/x, ftp://host/x"
    })
    void leavesThePathAndTheQuery(String target, String expected) {
        assertThat(AbsoluteForm.toOriginForm(target)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://", "http:///x", "http://user@host/x", "http://a:b@host/x", "http://h:x/", "http://h\\x/y"
            })
    void refusesAnAuthorityThatIsNoHost(String target) {
        assertThatThrownBy(() -> AbsoluteForm.toOriginForm(target)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isServedWhateverTheHostFieldSaysAndAgainOnTheSameConnection() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1),
                        TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            String request = TestGateway.chat(BODY).replace("POST /v1/", "POST http://elsewhere.example:81/v1/");
            for (int i = 0; i < 2; i++) {
                client.send(request);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            }
            ScriptedOrigin.Connection provider = origin.next();
            assertThat(provider.nextRequest())
                    .startsWith("POST /v1/chat/completions HTTP/1.1\r\n")
                    .doesNotContain("elsewhere");
            assertThat(provider.nextRequest()).startsWith("POST /v1/chat/completions HTTP/1.1\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "POST http://user:pw@host/v1/chat/completions, 400",
        "POST http://host/v1/../v1/chat/completions, 400",
        "POST http://host//v1/chat/completions, 400",
        "POST http://host, 405",
        "TRACE http://host/v1/chat/completions, 501",
        "TRACE /v1/chat/completions, 501",
        "CONNECT host:443, 501",
        "CONNECT /v1/chat/completions, 501"
    })
    void isNoWayAroundWhatIsRefusedOtherwise(String start, int status) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(BODY).replace("POST /v1/chat/completions", start));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 " + status + " ");
            assertThat(origin.connections()).isEmpty();
        }
    }
}
