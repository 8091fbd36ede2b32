package io.costoptimal.gateway.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A map of the file while it is read. Keys are asked for by name, and only those that {@link Format} lists for this map;
 * {@link #close} then refuses every other key that the file has here. Owned by the thread that loads.
 *
 * <p>Ask for every key of the map's table before {@code close}; an assertion finds readers that do not.
 */
final class Section implements AutoCloseable {

    private final String name;
    private final MappingNode map;
    private final Form form;
    private final Reading reading;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    private record Entry(Node key, Node value) {}

    /**
     * @param name of the key the map stands under; empty for the whole file
     * @param form what may stand here; a map whose keys the operator chooses has no table and is read by {@link #all}
     */
    Section(String name, MappingNode map, Form form, Reading reading) {
        this.name = name;
        this.map = map;
        this.form = form;
        this.reading = reading;
        for (NodeTuple tuple : map.getValue()) {
            add(tuple.getKeyNode(), tuple.getValueNode());
        }
    }

    private void add(Node key, Node value) {
        if (!(key instanceof ScalarNode scalar)) {
            reading.problems().at(key, "a key that is a list or a map (expected: a name)");
            return;
        }
        Entry first = entries.putIfAbsent(scalar.getValue(), new Entry(key, value));
        if (first != null) {
            int line = first.key.getStartMark().orElseThrow().getLine() + 1;
            reading.problems()
                    .at(key, "duplicate key: " + Value.oneLine(scalar.getValue()) + " (first in line " + line + ")");
        }
    }

    /** The value of {@code key}; empty when it is absent or nothing is written there. */
    Optional<Value> value(String key) {
        Setting setting = form.table().get(key);
        asked.add(key);
        return Optional.ofNullable(entries.get(key))
                .map(entry -> new Value(setting, entry.value, false, reading))
                .filter(value -> !value.isNull());
    }

    /** Like {@link #value}, for a key that the Go original's files may have with an empty text, which says nothing either. */
    Optional<Value> written(String key) {
        return value(key).filter(value -> !value.isEmptyText());
    }

    /** Like {@link #value}; notes a problem when it is empty. */
    Optional<Value> required(String key) {
        Optional<Value> value = value(key);
        if (value.isEmpty()) {
            problem("missing key: " + key);
        }
        return value;
    }

    /** The text of {@code key}, or {@code standard}. */
    String text(String key, String standard) {
        return value(key).flatMap(Value::text).orElse(standard);
    }

    boolean flag(String key, boolean standard) {
        return value(key).flatMap(Value::flag).orElse(standard);
    }

    /** The number of {@code key}, or its default. */
    long number(String key) {
        return number(((Form.Number) form.table().get(key).form()).range());
    }

    /** The number that {@code range} describes, or its default. */
    long number(Range range) {
        return value(range.key()).flatMap(value -> value.number(range)).orElse(range.standard());
    }

    /** What {@code parser} makes of {@code key}, or {@code standard}; see {@link Value#as}. */
    <T> T parsed(String key, T standard, Function<String, T> parser) {
        return value(key).flatMap(value -> value.as(parser)).orElse(standard);
    }

    /**
     * The items of a list that restricts something: empty when the key is not there, and then nothing is restricted. A key
     * with nothing behind it is a problem here, because whoever wrote it did not mean everything.
     */
    Optional<List<Value>> restriction(String key) {
        Optional<List<Value>> items = value(key).map(Value::items);
        Entry entry = entries.get(key);
        if (entry != null && (items.isEmpty() || items.get().isEmpty())) {
            new Value(form.table().get(key), entry.value, false, reading).expected("at least one item, or no such key");
        }
        return items;
    }

    /** The items of the list at {@code key}; none when it is absent. */
    List<Value> items(String key) {
        return value(key).map(Value::items).orElse(List.of());
    }

    /** The items of the list at {@code key}; notes a problem when there is none. */
    List<Value> requiredItems(String key) {
        Optional<Value> list = required(key);
        List<Value> items = list.map(Value::items).orElse(List.of());
        list.filter(value -> value.isList() && items.isEmpty()).ifPresent(value -> value.expected("at least one item"));
        return items;
    }

    /** The map at {@code key}, or one without keys. */
    Section sectionOrEmpty(String key) {
        return value(key)
                .flatMap(Value::section)
                .orElseGet(() -> new Section(
                        key,
                        new MappingNode(Tag.MAP, List.of(), FlowStyle.FLOW),
                        form.table().get(key).form(),
                        reading));
    }

    /** All keys in the order of the file, each with its value: for maps whose keys are the operator's own. */
    List<Value> all() {
        List<Value> all = new ArrayList<>();
        entries.forEach((key, entry) -> {
            asked.add(key);
            all.add(new Value(Setting.of(key, form.ownValue(), ""), entry.value, false, reading));
        });
        return all;
    }

    /** The key of {@code value} as a value of its own, to say what is wrong with the key. */
    Value keyOf(Value value) {
        return new Value(Setting.of(name, Form.Plain.TEXT, ""), entries.get(value.name()).key, false, reading);
    }

    /** Notes a problem with this map as a whole. */
    void problem(String message) {
        reading.problems().at(map, message);
    }

    Reading reading() {
        return reading;
    }

    /** Refuses every key that this map may not have. */
    @Override
    public void close() {
        Set<String> known = form.table().names();
        assert asked.containsAll(known) : "nobody reads a key that Format has: " + known + ", read: " + asked;
        entries.forEach((key, entry) -> {
            if (!asked.contains(key)) {
                reading.problems().at(entry.key, "unknown key: " + Value.oneLine(key) + Advice.of(key, form.table()));
            }
        });
    }
}
