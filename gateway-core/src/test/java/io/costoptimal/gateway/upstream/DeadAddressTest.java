package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An address that swallows every packet, in a network namespace made for it; skipped where none can be made. */
@Timeout(120)
class DeadAddressTest {

    /** A device that drops what is sent to it: {@code dummy} where the kernel has it, else {@code ifb}. */
    private static final String SETUP = """
            ip link set lo up &&
            { ip link add hole type dummy || ip link add hole type ifb; } 2>/dev/null &&
            ip -6 addr add fd99::1/64 dev hole nodad && ip link set hole up && ip -6 route get fd99::2 >/dev/null &&
            """;

    @Test
    void connectsAtOnceToANameWithADeadIpv6Address() throws Exception {
        assumeTrue(
                run(List.of("unshare", "-n", "sh", "-c", SETUP + "echo ready")).contains("ready"),
                "no network namespace with a silent address can be made here");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> probe = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", SETUP + "exec \"$@\"", "sh", java));
        probe.addAll(List.of("-cp", System.getProperty("java.class.path"), DeadAddressProbe.class.getName()));

        assertThat(run(probe)).contains("16 connections, asked for AAAA: true");
    }

    private static String run(List<String> command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(1, TimeUnit.MINUTES);
            return said;
        } catch (IOException e) {
            return e.toString(); // there is no such program
        }
    }
}
