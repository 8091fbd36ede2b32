package io.costoptimal.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {

    private static final Principal ALICE = owner("alice");
    private static final Principal BOB = owner("bob");

    @Test
    void findsTheOwnerOfATextKeyAndOfAHashedOne() throws Exception {
        KeyRing ring = KeyRing.of(List.of(
                KeyEntry.of("sk-alice", ALICE),
                KeyEntry.of("sha256:" + hex("sk-bob").toUpperCase(Locale.ROOT), BOB)));

        assertThat(ring.find("sk-alice")).isSameAs(ALICE);
        assertThat(ring.find("sk-bob")).isSameAs(BOB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "sk-alic",
                "sk-alice ",
                "SK-ALICE",
                "' OR '1'='1",
                "%",
                "\\",
                "\u0000",
                "\ud83d\ude00",
                "\u00e9",
                "sha256:"
            })
    void findsNobodyForAnyOtherKey(String key) {
        KeyRing ring = KeyRing.of(List.of(KeyEntry.of("sk-alice", ALICE), KeyEntry.of("sk-bob", BOB)));

        assertThat(ring.find(key)).isNull();
        assertThat(ring.find(key.repeat(100_000))).isNull();
        assertThat(KeyRing.of(List.of()).find(key)).isNull();
    }

    /** Who reads the configuration, or a leaked copy of it, has no key. */
    @Test
    void opensNothingForAStoredHash() throws Exception {
        String hash = hex("sk-alice");
        for (String configured : List.of("sk-alice", "sha256:" + hash)) {
            KeyRing ring = KeyRing.of(List.of(KeyEntry.of(configured, ALICE)));

            assertThat(ring.find(hash)).isNull();
            assertThat(ring.find("sha256:" + hash)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 1000, 100_000})
    void findsEachOfManyAndNoOther(int size) {
        List<KeyEntry> entries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            entries.add(KeyEntry.of("key-" + i, owner("owner-" + i)));
        }
        KeyRing ring = KeyRing.of(entries);

        for (int i = 0; i < size; i++) {
            assertThat(ring.find("key-" + i).name()).isEqualTo("owner-" + i);
            assertThat(ring.find("yek-" + i)).isNull();
        }
    }

    @Test
    void takesKeysOfAnyLengthAndScript() {
        List<String> keys =
                List.of("\u043a\u043b\u044e\u0447", "\ud83d\ude00", "x".repeat(256), "x".repeat(257), "x".repeat(9999));
        for (String key : keys) {
            KeyRing ring = KeyRing.of(List.of(KeyEntry.of(key, ALICE)));

            assertThat(ring.find(key)).isSameAs(ALICE);
            assertThat(ring.find(new StringBuilder(key))).isSameAs(ALICE);
            assertThat(ring.find(key + "x")).isNull();
        }
    }

    @Test
    void hashesTheUtf8BytesOfAKey() throws Exception {
        for (String key : List.of("sk-alice", "\u00e9\u20ac\ud83d\ude00", "x".repeat(300))) {
            assertThat(KeyEntry.of(key, ALICE).sha256()).isEqualTo(hex(key));
        }
    }

    @Test
    void refusesTheSameKeyTwiceAndNamesTheOwnersOnly() throws Exception {
        List<KeyEntry> entries = List.of(
                KeyEntry.of("canary", ALICE), KeyEntry.of("x", ALICE), KeyEntry.of("sha256:" + hex("canary"), BOB));

        assertThatThrownBy(() -> KeyRing.of(entries))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keys of alice and bob: the same (expected: one entry for each key)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256:", "sha256:canary", "sha256:zz"})
    void refusesWhatIsNoKeyWithoutRepeatingIt(String key) {
        assertThatThrownBy(() -> KeyEntry.of(key, ALICE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key of alice: ")
                .hasMessageNotContaining("canary");
    }

    @Test
    void printsNeitherKeyNorHash() {
        KeyEntry entry = KeyEntry.of("sk-alice", ALICE);

        assertThat(entry.toString()).doesNotContain(entry.sha256()).doesNotContain("sk-alice");
    }

    private static Principal owner(String name) {
        return new Principal(name, Principal.Role.CLIENT);
    }

    private static String hex(String key) throws Exception {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
