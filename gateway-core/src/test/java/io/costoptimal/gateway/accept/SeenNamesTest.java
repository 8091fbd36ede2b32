package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SeenNamesTest {

    private final SeenNames names = new SeenNames();

    @Test
    void givesTheSameObjectForTheSameBytesWhereverTheyStand() {
        assertThat((Object) get("x-stainless-lang")).isSameAs(get("x-stainless-lang"));
        assertThat((Object) names.get("..Host".getBytes(StandardCharsets.US_ASCII), 2, 4))
                .isSameAs(get("Host"));
    }

    @Test
    void keepsEachSpelling() {
        assertThat((Object) get("Content-Type")).hasToString("Content-Type");
        assertThat((Object) get("content-type")).hasToString("content-type");
        assertThat((Object) get("Content-Type")).hasToString("Content-Type");
    }

    @Test
    void doesNotSeeLaterChangesOfTheArray() {
        byte[] line = "accept".getBytes(StandardCharsets.US_ASCII);
        AsciiString name = names.get(line, 0, line.length);
        line[0] = 'A';

        assertThat((Object) name).hasToString("accept");
    }

    @Test
    void givesEveryNameItselfHoweverManyShareAPlace() {
        Random random = new Random(20261122);
        for (int i = 0; i < 50_000; i++) {
            String name = "x-" + "aaaaaaaaaaaaaaaa".substring(random.nextInt(17)) + random.nextInt(2000);
            assertThat(get(name).toString()).isEqualTo(name);
        }
        String long1 = "n".repeat(200);
        assertThat((Object) get(long1)).hasToString(long1);
    }

    private AsciiString get(String name) {
        return names.get(name.getBytes(StandardCharsets.US_ASCII), 0, name.length());
    }
}
