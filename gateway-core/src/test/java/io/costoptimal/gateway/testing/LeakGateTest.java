package io.costoptimal.gateway.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gate can be shut: without this, no leak and no gate would look the same. */
class LeakGateTest {

    @Test
    @Timeout(60)
    void tellsOfABufferThatNobodyReleased() {
        PooledByteBufAllocator.DEFAULT.buffer(16).writeByte(1);

        assertThatThrownBy(() -> {
                    while (true) {
                        LeakGate.check();
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("LeakGateTest.tellsOfABufferThatNobodyReleased");
    }
}
