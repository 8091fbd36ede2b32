package io.costoptimal.gateway.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection in virtual time: what takes too long, on either side. */
@Timeout(60)
class TimeLimitTest {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final Threads threads = new Threads();
    private EmbeddedChannel channel;

    @BeforeEach
    void connect() {
        Site site = new Site(List.of(
                new Route("GET", "/alive", Route.Access.HEALTH, Threads.Kind.NONE, request -> Answer.text(200, "ok")),
                new Route("GET", "/slow", Route.Access.OPEN, Threads.Kind.QUERY, request -> {
                    asked.countDown();
                    try {
                        return new CountDownLatch(1).await(1, TimeUnit.DAYS) ? null : Answer.empty(200);
                    } finally {
                        interrupted.countDown();
                    }
                })));
        AdminKeys nobody = AdminKeys.of(List.of());
        Gate gate = new Gate(
                Set.of(), () -> nobody, new Sessions(() -> nobody, System::nanoTime), new WrongKeys(System::nanoTime));
        channel = new EmbeddedChannel(new HttpServerCodec(), new AdminConnection(site, gate, threads)) {
            @Override
            protected SocketAddress localAddress0() {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            }

            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
            }
        };
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        threads.close();
    }

    @Test
    void aQuestionThatTakesTooLongIsInterruptedAndAnswered() throws Exception {
        send("GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n");
        asked.await();
        pass(9_999);
        assertThat(answered()).isEmpty();
        assertThat(interrupted.getCount()).isOne();

        pass(1);
        assertThat(answered()).startsWith("HTTP/1.1 503 ").contains("retry-after: 1", "\"code\":\"timeout\"");
        interrupted.await();

        send("GET /alive HTTP/1.1\r\nhost: localhost\r\n\r\n");
        assertThat(answered()).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aRequestThatDoesNotComeWholeIsGivenUp() {
        send("GET /alive HTTP/1.1\r\nhost: localhost\r\n\r\nPOST /login HTTP/1.1\r\nhost: localhost\r\n"
                + "content-type: application/json\r\ncontent-length: 9\r\n\r\n{");
        assertThat(answered()).startsWith("HTTP/1.1 200 ");
        pass(59_999);
        assertThat(channel.isOpen()).isTrue();

        pass(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aConnectionThatAsksNothingIsClosed() {
        pass(60_000);

        assertThat(channel.isOpen()).isFalse();
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private String answered() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return text.toString();
    }
}
