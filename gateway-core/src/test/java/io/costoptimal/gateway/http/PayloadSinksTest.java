package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadSinksTest {

    private final List<String> log = new ArrayList<>();

    private PayloadSink sink(String name) {
        return new PayloadSink() {
            @Override
            public void payload(ByteBuf buf, int index, int length) {
                log.add(name + " " + buf.toString(index, length, StandardCharsets.US_ASCII));
            }

            @Override
            public void over() {
                log.add(name + " over");
                if (name.equals("broken")) {
                    throw new IllegalStateException(name);
                }
            }
        };
    }

    @Test
    void allSeeTheSameInTheirOrder() {
        PayloadSink three = PayloadSinks.of(PayloadSinks.of(sink("a"), sink("b")), sink("c"));

        three.payload(Unpooled.wrappedBuffer("xhix".getBytes(StandardCharsets.US_ASCII)), 1, 2);
        three.over();

        assertThat(log).containsExactly("a hi", "b hi", "c hi", "a over", "b over", "c over");
    }

    @Test
    void oneAloneStandsForItselfAndNoneForNobody() {
        PayloadSink alone = sink("a");

        assertThat(PayloadSinks.of(alone, null)).isSameAs(alone);
        assertThat(PayloadSinks.of(null, alone)).isSameAs(alone);
        assertThat(PayloadSinks.of(null, null)).isNull();
    }

    @Test
    void eachIsToldOfTheEndThoughAnotherFails() {
        PayloadSink two = PayloadSinks.of(sink("broken"), sink("b"));

        assertThatThrownBy(two::over).hasMessage("broken");
        assertThat(log).containsExactly("broken over", "b over");
    }
}
