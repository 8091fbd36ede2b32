package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastWordsTest {

    private final List<Integer> exits = new ArrayList<>();

    @Test
    void endsTheProcessWhenTheHeapIsFullAndForNothingElse() {
        // Those that would stop the log of this process are not tried here.
        LastWords words = new LastWords(exits::add);
        words.uncaughtException(Thread.currentThread(), new IllegalStateException("a defect"));
        words.uncaughtException(
                Thread.currentThread(), new OutOfMemoryError("Cannot reserve 1 bytes of direct buffer memory"));

        assertThat(exits).isEmpty();
    }
}
