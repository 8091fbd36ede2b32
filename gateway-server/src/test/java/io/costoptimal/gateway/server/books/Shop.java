package io.costoptimal.gateway.server.books;

import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.costoptimal.gateway.server.simulator.Sold;
import io.costoptimal.gateway.testing.RefusingPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The providers, and the configuration of a gateway before them. Closed by whoever opened it. */
final class Shop implements AutoCloseable {

    /** By this field a provider's books tell under which of its ids the gateway asked it. */
    static final String ASKED_AS = "x-asked-as";

    /** After how long a silence the gateway cuts an answer off. */
    static final int STREAM_IDLE_MILLIS = 500;

    static final List<Entry> CHATS = List.of(
            Entry.of("gpt-4o", "ordered", "alpha", "beta", "gamma"),
            Entry.of("gpt-4o-mini", "cheapest", "alpha", "beta", "gamma"),
            Entry.of("gpt-3.5-turbo", "weighted", "alpha", "beta"),
            Entry.of("gpt-4.1", "cheapest", "alpha", "beta=gpt-4.1-mini"),
            Entry.of("gpt-5", "ordered", "free=gpt-5", "alpha=gpt-4o"),
            Entry.of("gamma-first", "ordered", "gamma=gpt-4o", "alpha=gpt-4o"),
            Entry.of("house-model", "ordered", "beta=llama-3", "alpha=gpt-4o"),
            Entry.of("after-500", "ordered", "e500=gpt-4o", "alpha=gpt-4o"),
            Entry.of("after-429", "ordered", "e429=gpt-4o", "beta=gpt-4o"),
            Entry.of("after-reset", "ordered", "reset=gpt-4o", "alpha=gpt-4o"),
            Entry.of("after-malformed", "ordered", "malformed=gpt-4o", "beta=gpt-4o"),
            Entry.of("after-context", "cheapest", "context=gpt-4o", "alpha=gpt-4o"),
            Entry.of("after-down", "ordered", "down=gpt-4o", "gamma=gpt-4o"),
            Entry.of("after-many", "ordered", "down=gpt-4o", "e500=gpt-4o", "reset=gpt-4o", "beta=gpt-4o"),
            Entry.of("never", "ordered", "e429=gpt-4o", "reset=gpt-4o", "e500=gpt-4o"));

    static final List<Entry> MESSAGES = List.of(
            Entry.of("claude-sonnet-4-5", "ordered", "claude", "claude-too"),
            Entry.of("claude-haiku-4-5", "cheapest", "claude", "claude-too"),
            Entry.of("known-tokens", "ordered", "claude=gpt-4o"),
            Entry.of("claude-after-reset", "ordered", "claude-reset=claude-sonnet-4-5", "claude=claude-sonnet-4-5"),
            Entry.of("claude-after-529", "ordered", "claude-529=claude-sonnet-4-5", "claude-too=claude-sonnet-4-5"));

    static final Entry EMBEDDINGS = Entry.of("text-embedding-3-small", "cheapest", "alpha", "beta");
    static final Entry SLOW = Entry.of("after-stall", "ordered", "stall=gpt-4o", "alpha=gpt-4o");
    static final Entry QUIET = Entry.of("quiet", "ordered", "quiet=gpt-4o", "alpha=gpt-4o");
    /** What {@code gpt-4o-mini} is called, too. */
    static final String ALIAS = "fast";

    final SimulatedProvider plain;
    final SimulatedProvider packing;
    final SimulatedProvider quiet;
    private final RefusingPort refusing;

    private Shop(int requests) throws IOException {
        // Each request reaches one of them a few times at most.
        SimulatorSettings settings = SimulatorSettings.DEFAULTS.remembering(4 * requests + 1000);
        plain = SimulatedProvider.start(settings);
        packing = SimulatedProvider.start(settings.compressingAnswers());
        quiet = SimulatedProvider.start(settings);
        refusing = RefusingPort.open();
    }

    static Shop open(int requests) throws IOException {
        return new Shop(requests);
    }

    /** @param storage the lines that say where the ledger is */
    String yaml(String storage) {
        StringBuilder yaml = new StringBuilder("""
                listen: 127.0.0.1:0
                event_loops: 2
                api_keys: [{key: books-key, name: books}]
                save_usage: true
                """)
                .append(storage)
                .append("timeouts: {stream_idle: ")
                .append(STREAM_IDLE_MILLIS)
                .append("ms, connect: 10s, lease: 30s}\n")
                .append("alias:\n  - {model: ")
                .append(ALIAS)
                .append(", target: gpt-4o-mini}\nproviders:\n");
        provider(yaml, "alpha", plain, "");
        provider(yaml, "beta", packing, "");
        provider(yaml, "gamma", plain, "ask_for_usage: false");
        provider(yaml, "free", packing, "");
        provider(yaml, "claude", packing, "type: anthropic");
        provider(yaml, "claude-too", plain, "type: anthropic");
        provider(yaml, "e500", plain, "fault=500");
        provider(yaml, "e429", packing, "fault=429");
        provider(yaml, "reset", plain, "fault=reset");
        provider(yaml, "malformed", plain, "fault=malformed");
        provider(yaml, "context", plain, "fault=context_length");
        provider(yaml, "stall", plain, "fault=stall, timeout: 300ms");
        provider(yaml, "quiet", quiet, "fault=stall, timeout: 120s");
        provider(yaml, "claude-reset", plain, "type: anthropic, fault=reset");
        provider(yaml, "claude-529", plain, "type: anthropic, fault=529");
        yaml.append("  - {id: down, base_url: \"http://127.0.0.1:")
                .append(refusing.port())
                .append("/v1\"}\nmodels:\n");
        entries().forEach(entry -> yaml.append(entry.yaml()));
        return yaml.append(Tariffs.yaml()).toString();
    }

    private static Stream<Entry> entries() {
        return Stream.of(CHATS, MESSAGES, List.of(EMBEDDINGS, SLOW, QUIET)).flatMap(List::stream);
    }

    private static void provider(StringBuilder yaml, String id, SimulatedProvider at, String settings) {
        boolean anthropic = settings.contains("anthropic");
        StringBuilder headers = new StringBuilder(ASKED_AS + ": " + id);
        StringBuilder keys = new StringBuilder();
        for (String setting : settings.isEmpty() ? new String[0] : settings.split(", ")) {
            if (setting.startsWith("fault=")) {
                headers.append(", x-sim-fault: \"").append(setting.substring(6)).append('"');
            } else {
                keys.append(", ").append(setting);
            }
        }
        yaml.append("  - {id: ").append(id).append(keys);
        yaml.append(", base_url: \"")
                .append(at.base())
                .append(anthropic ? "" : "/v1")
                .append('"');
        yaml.append(", headers: {").append(headers).append("}}\n");
    }

    /** All lines of the books, by the id that the client gave the request and in the order in which they came. */
    Map<String, List<Sold>> books() {
        Map<String, List<Sold>> books = new HashMap<>();
        Stream.of(plain, packing, quiet)
                .flatMap(each -> each.books().stream())
                .forEach(sold -> books.computeIfAbsent(sold.request().header("x-request-id"), id -> new ArrayList<>())
                        .add(sold));
        return books;
    }

    @Override
    public void close() throws IOException {
        plain.close();
        packing.close();
        quiet.close();
        refusing.close();
    }
}
