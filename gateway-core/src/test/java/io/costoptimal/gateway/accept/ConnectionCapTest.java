package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ConnectionCapTest {

    private final ConnectionCap cap = new ConnectionCap(2);

    @Test
    void closesWhatIsOneTooManyAndCountsEachOnce() {
        EmbeddedChannel first = new EmbeddedChannel();
        EmbeddedChannel second = new EmbeddedChannel();
        EmbeddedChannel third = new EmbeddedChannel();

        assertThat(cap.admit(first)).isTrue();
        assertThat(cap.admit(second)).isTrue();
        assertThat(cap.admit(third)).isFalse();
        assertThat(third.isOpen()).isFalse();
        assertThat(cap.open()).isEqualTo(2);

        first.close();
        first.close();
        assertThat(cap.open()).isEqualTo(1);
        EmbeddedChannel fourth = new EmbeddedChannel();
        assertThat(cap.admit(fourth)).isTrue();

        second.close();
        fourth.close();
        assertThat(cap.open()).isZero();
    }
}
