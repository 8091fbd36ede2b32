package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Limits;
import org.junit.jupiter.api.Test;

class StartChecksTest {

    private static final long MB = 1024 * 1024;

    @Test
    void saysNothingOfLimitsThatFit() {
        assertThat(StartChecks.of(limits(32, 64, 1000), 128 * MB, 1000)).isEmpty();
    }

    @Test
    void saysThatBodiesLeaveNoMemoryForConnections() {
        assertThat(StartChecks.of(limits(32, 512, 1000), 512 * MB, 1000))
                .containsExactly("held_bodies=512mb direct_memory=512mb (expected: at most 384mb, or more"
                        + " -XX:MaxDirectMemorySize)");
    }

    @Test
    void saysThatTheLongestBodyNeverFits() {
        assertThat(StartChecks.of(limits(32, 32, 1000), 512 * MB, 1000))
                .singleElement()
                .asString()
                .startsWith("body=32mb held_bodies=32mb ");
    }

    @Test
    void saysThatDescriptorsAreTooFew() {
        assertThat(StartChecks.of(limits(32, 64, 1001), 128 * MB, 1000))
                .singleElement()
                .asString()
                .startsWith("client_connections=1001 descriptors=1000 ");
    }

    private static Limits limits(int bodyMb, int heldMb, int connections) {
        Limits d = Limits.DEFAULTS;
        return new Limits(
                d.head(),
                new Limits.Body((int) (bodyMb * MB), heldMb * MB, d.body().jsonDepth()),
                new Limits.Client(connections, d.client().lingerBytes()),
                d.upstream());
    }
}
