package io.costoptimal.gateway.server.sdk;

import io.costoptimal.gateway.server.simulator.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Runs the rows of a file, which says how, with one client. One thread, once. */
final class SdkRows {

    private static final Pattern ROW = Pattern.compile("([!~]?)([\\w.]+) (\\{.*})(?: -> (\\w+))?");
    private static final Pattern NAME = Pattern.compile("\"\\$(\\w+)\"");

    private final SdkMethods methods;
    private final Map<String, String> ids = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Set<String> called = new HashSet<>();

    SdkRows(SdkMethods methods) {
        this.methods = methods;
    }

    /** Runs all rows of {@code file}. */
    SdkRows run(String file) throws IOException {
        for (String line : lines(file)) {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                problems.add("no row: " + line);
                continue;
            }
            called.add(row.group(2));
            row(line, row);
        }
        return this;
    }

    /** Calls every method that no row has called with made-up arguments, but for those in {@code leftOut}. */
    void runOthers(Set<String> leftOut) {
        for (String name : methods.names()) {
            if (!called.contains(name) && !leftOut.contains(name)) {
                invented(name);
            }
        }
    }

    /** What went wrong, a line for each call. */
    List<String> problems() {
        return problems;
    }

    /** Number of methods that have a row. */
    int called() {
        return called.size();
    }

    private void row(String line, Matcher row) {
        boolean refused = row.group(1).equals("!");
        try {
            Object answer = methods.call(
                    row.group(2), arguments(row.group(3)), !row.group(1).equals("~"));
            if (refused) {
                problems.add("served: " + line);
            }
            if (row.group(4) != null) {
                ids.put(row.group(4), id(answer));
            }
        } catch (Exception e) {
            if (!refused || !e.getClass().getSimpleName().equals("NotFoundException")) {
                problems.add(line + ": " + e);
            }
        }
    }

    private void invented(String name) {
        try {
            methods.call(name);
        } catch (Exception e) {
            problems.add(name + " {made up}: " + e);
        }
    }

    private Map<String, Object> arguments(String json) {
        String filled = NAME.matcher(json).replaceAll(name -> "\"" + ids.get(name.group(1)) + "\"");
        try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), filled)) {
            in.nextToken();
            @SuppressWarnings("unchecked")
            Map<String, Object> arguments = (Map<String, Object>) Json.value(in);
            return arguments;
        }
    }

    /** The id of {@code answer}; an item of a conversation is one of many kinds, and says its own only in its text. */
    private static String id(Object answer) throws ReflectiveOperationException {
        try {
            Object id = answer.getClass().getMethod("id").invoke(answer);
            return String.valueOf(id instanceof Optional<?> present ? present.orElseThrow() : id);
        } catch (NoSuchMethodException e) {
            Matcher id = Pattern.compile("id=(\\w+)").matcher(String.valueOf(answer));
            return id.find() ? id.group(1) : null;
        }
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in = SdkRows.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }
}
