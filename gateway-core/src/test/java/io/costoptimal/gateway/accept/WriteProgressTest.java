package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WriteProgressTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final WriteProgress progress = new WriteProgress(channel);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void oneLookTakesNothingAwayFromAnother() {
        channel.write(Unpooled.wrappedBuffer(new byte[100]));
        long first = progress.moves();
        long second = progress.moves();
        channel.flush();

        assertThat(progress.moves()).isGreaterThan(first);
        assertThat(progress.moves()).isGreaterThan(second);
    }

    @Test
    void whatIsOnlyQueuedIsNoProgress() {
        long before = progress.moves();
        channel.write(Unpooled.wrappedBuffer(new byte[100]));

        assertThat(progress.moves()).isEqualTo(before);
    }
}
