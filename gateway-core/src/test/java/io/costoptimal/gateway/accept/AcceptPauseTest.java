package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptPauseTest {

    private final EmbeddedChannel listening = new EmbeddedChannel(new AcceptPause());

    @Test
    void pausesLongerWithEachFailureInARowAndThenAcceptsAgain() {
        listening.freezeTime();
        for (long millis : new long[] {50, 100, 200, 400, 800, 1_000, 1_000}) {
            fail();
            assertThat(listening.config().isAutoRead()).isFalse();
            pass(millis - 1);
            assertThat(listening.config().isAutoRead())
                    .as("after %s ms", millis - 1)
                    .isFalse();
            pass(1);
            assertThat(listening.config().isAutoRead())
                    .as("after %s ms", millis)
                    .isTrue();
        }
        listening.checkException();

        listening.writeInbound("a connection");
        fail();
        pass(50);

        assertThat(listening.config().isAutoRead())
                .as("an accepted connection ends the row of failures")
                .isTrue();
    }

    private void fail() {
        listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
    }

    private void pass(long millis) {
        listening.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        listening.runScheduledPendingTasks();
    }
}
