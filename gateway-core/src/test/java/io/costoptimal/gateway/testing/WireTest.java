package io.costoptimal.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The two ends that other tests trust. */
class WireTest {

    @Test
    void playsScriptsInOrderAndRecordsWhatItReceived() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                c -> {
                    c.readRequest();
                    c.await(gate);
                    c.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nx: y\r\n\r\n");
                    c.fin();
                    c.readToEnd();
                },
                c -> {
                    c.readExactly(1);
                    c.rst();
                })) {
            try (RawClient first = RawClient.connect(origin.port())) {
                first.send("POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}".getBytes(), 5, 40);
                assertThat(origin.next().nextRequest()).endsWith("\r\n\r\n{}");
                gate.countDown();
                assertThat(first.readMessage()).endsWith("2\r\nhi\r\n0\r\nx: y\r\n\r\n");
                assertThat(first.readToEnd()).isEmpty();
                assertThat(first.end()).isEqualTo(Wire.End.FIN);
            }
            origin.connections().get(0).awaitFinished();
            try (RawClient second = RawClient.connect(origin.port())) {
                second.send("x");
                second.readToEnd();
                assertThat(second.end()).isEqualTo(Wire.End.RST);
            }
        }
    }

    @Test
    void whatAScriptThrowsFailsTheTestAtClose() throws Exception {
        ScriptedOrigin origin = ScriptedOrigin.start(c -> {
            throw new AssertionError("not what was asked for");
        });
        try (RawClient client = RawClient.connect(origin.port())) {
            origin.next().awaitFinished();
            client.readToEnd();
        }
        assertThatThrownBy(origin::close).hasRootCauseMessage("not what was asked for");
    }
}
