package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.stage.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalStageTest {

    private static final String GET = "GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n";

    /** Authenticates, as the stage before does. */
    private static final Stage DOORMAN = (exchange, run) -> {
        exchange.authenticated(null);
        run.next();
    };

    private final List<String> asked = new ArrayList<>();
    private RuntimeException defect;
    private final ClientWire side = ClientWire.with(DOORMAN, new LocalStage(exchange -> {
        asked.add(exchange.path());
        if (defect != null) {
            throw defect;
        }
        return new LocalAnswer(200, "text/plain", "fine".getBytes(StandardCharsets.UTF_8));
    }));

    @AfterEach
    void close() {
        side.checkException();
        side.finishAndReleaseAll();
    }

    @Test
    void answersOnceTheRequestIsReadAndKeepsTheConnection() {
        side.send("GET /v1/models HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab");
        assertThat(asked).isEmpty();
        side.send("cd").send(GET);

        assertThat(asked).containsExactly("/v1/models", "/healthz");
        assertThat(side.story()).isEqualTo("200 LOCAL 200 LOCAL");
        assertThat(side.written.toString())
                .contains("\r\ncontent-type: text/plain\r\n")
                .contains("\r\ncontent-length: 4\r\n")
                .contains("\r\nx-request-id: " + side.ended.get(0).id() + "\r\n")
                .endsWith("\r\n\r\nfine");
        assertThat(side.ended.get(0).requestBytes()).isEqualTo(4);
        assertThat(side.ended.get(0).responseBytes()).isEqualTo(4);
        assertThat(side.ended.get(0).status()).isEqualTo(200);
    }

    @Test
    void tellsHeadTheLengthAndNothingElse() {
        side.send(GET.replace("GET", "HEAD")).send(GET);

        assertThat(side.story()).isEqualTo("200 LOCAL 200 LOCAL");
        assertThat(side.written.toString())
                .containsPattern("(?s)^HTTP/1.1 200 OK.*content-length: 4\r\n.*?\r\n\r\nHTTP/1.1 200 OK");
    }

    @Test
    void refusesALargeBody() {
        side.send("GET /healthz HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n")
                .send("x".repeat(0x20000));

        assertThat(side.story()).isEqualTo("413+close REJECTED shut");
        assertThat(asked).isEmpty();
    }

    @Test
    void answersADefectOfTheServiceWithAnErrorAndLivesOn() {
        defect = new IllegalStateException("a service's defect");
        side.send(GET);
        defect = null;
        side.send(GET);

        assertThat(side.story()).isEqualTo("500 GATEWAY_ERROR 200 LOCAL");
    }

    @Test
    void passesWhatAProviderIsAskedFor() {
        side.send("POST /v1/messages HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nab");

        assertThat(side.stage.wholeRequests).isEqualTo(1);
        assertThat(side.stage.bodies).hasToString("ab");
        side.runner.refuse(Rejection.overloaded("later"));
        side.send(GET);
        assertThat(side.story()).isEqualTo("503 REJECTED 200 LOCAL");
    }
}
