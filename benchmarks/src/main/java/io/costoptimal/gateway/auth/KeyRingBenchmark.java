package io.costoptimal.gateway.auth;

import io.costoptimal.gateway.exchange.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Who owns a presented key, by its SHA-256; another key each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyRingBenchmark {

    @Param({"1", "1000", "100000"})
    private int keys;

    private final Map<String, Principal> map = new HashMap<>();
    private KeyRing ring;
    private String[] presented;
    private String[] unknown;
    private int next;

    @Setup
    public void setUp() {
        List<KeyEntry> entries = new ArrayList<>();
        presented = new String[keys];
        unknown = new String[keys];
        for (int i = 0; i < keys; i++) {
            presented[i] = String.format("sk-gateway-%032x", i * 0x9E3779B97F4A7C15L);
            unknown[i] = presented[i].replace("gateway", "nobody!");
            entries.add(KeyEntry.of(presented[i], new Principal("key-" + i, Principal.Role.CLIENT)));
        }
        ring = KeyRing.of(entries);
        entries.forEach(entry -> map.put(entry.sha256(), entry.owner()));
    }

    @Benchmark
    public Principal gateway() {
        return ring.find(one(presented));
    }

    @Benchmark
    public Principal gatewayUnknownKey() {
        return ring.find(one(unknown));
    }

    /** The straightforward way: the digest in hex as the key of a map. */
    @Benchmark
    public Principal hashMap() throws NoSuchAlgorithmException {
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(one(presented).getBytes(StandardCharsets.UTF_8));
        return map.get(HexFormat.of().formatHex(digest));
    }

    private String one(String[] of) {
        next = next + 1 == of.length ? 0 : next + 1;
        return of[next];
    }
}
