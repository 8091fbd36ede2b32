package io.costoptimal.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldListTest {

    private static final String[] NAMES = {"host", "Accept", "X-A", "x-a", "X-B", "Content-Length", "connection"};

    private final Random random = new Random(20261122);

    /** Netty's own headers keep the order within a name only, so that is all they can be asked. */
    @Test
    void answersAsNettysHeadersDo() {
        for (int round = 0; round < 500; round++) {
            HttpHeaders ours = new FieldList();
            HttpHeaders nettys = new DefaultHttpHeaders();
            for (int step = 0; step < 60; step++) {
                CharSequence name = name();
                String value = "v" + random.nextInt(4) + ", w";
                int what = random.nextInt(10);
                change(ours, what, name, value);
                change(nettys, what, name, value);
                compare(ours, nettys, name());
            }
        }
    }

    private static void change(HttpHeaders headers, int what, CharSequence name, String value) {
        switch (what) {
            case 0 -> headers.remove(name);
            case 1 -> headers.set(name, value);
            case 2 -> headers.set(name, List.of(value, "x"));
            case 3 -> headers.add(name.toString(), List.of("1", value));
            case 4 -> headers.setInt(name, 17);
            default -> headers.add(name, value);
        }
    }

    private static void compare(HttpHeaders ours, HttpHeaders nettys, CharSequence name) {
        assertThat(ours.get(name)).isEqualTo(nettys.get(name));
        assertThat(ours.getAll(name)).isEqualTo(nettys.getAll(name));
        assertThat(ours.valueStringIterator(name)).toIterable().isEqualTo(nettys.getAll(name));
        assertThat(ours.contains(name)).isEqualTo(nettys.contains(name));
        assertThat(ours.containsValue(name, "V1", true)).isEqualTo(nettys.containsValue(name, "V1", true));
        assertThat(ours.getInt(name, -1)).isEqualTo(nettys.getInt(name, -1));
        assertThat(ours.size()).isEqualTo(nettys.size());
        assertThat(ours.names()).isEqualTo(new HashSet<>(nettys.names()));
        assertThat(ours.entries()).containsExactlyInAnyOrderElementsOf(nettys.entries());
    }

    private CharSequence name() {
        String name = NAMES[random.nextInt(NAMES.length)];
        return random.nextBoolean() ? name : new AsciiString(name);
    }

    @Test
    void keepsOrderAndSpelling() {
        FieldList fields = new FieldList();
        for (int i = 0; i < 100; i++) {
            fields.add(new AsciiString(i % 2 == 0 ? "X-Even" : "x-ODD"), "v" + i);
        }

        int[] next = {0};
        fields.iteratorCharSequence().forEachRemaining(field -> {
            assertThat(field.getKey().toString()).isEqualTo(next[0] % 2 == 0 ? "X-Even" : "x-ODD");
            assertThat(field.getValue().toString()).isEqualTo("v" + next[0]++);
        });
        assertThat(next[0]).isEqualTo(100);
        assertThat(fields.entries().get(1)).isEqualTo(Map.entry("x-ODD", "v1"));
    }

    @ParameterizedTest
    @CsvSource({"'', v", "'a b', v", "'a:', v", "a, 'v\r\nb: c'", "a, 'v\u0000'"})
    void refusesWhatIsNoField(String name, String value) {
        FieldList fields = new FieldList();

        assertThatThrownBy(() -> fields.add(new AsciiString(name), value)).isInstanceOf(IllegalArgumentException.class);
        assertThat(fields.isEmpty()).isTrue();
    }

    @Test
    void endsItsIterators() {
        FieldList fields = new FieldList();
        fields.add("a", "1");
        var values = fields.valueStringIterator("a");
        var all = fields.iteratorCharSequence();
        values.next();
        all.next();

        assertThatThrownBy(values::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(all::next).isInstanceOf(NoSuchElementException.class);
        assertThat(fields.clear().contains("a")).isFalse();
    }
}
