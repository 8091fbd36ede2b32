package io.costoptimal.gateway.exchange;

import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The table of what is served: its rows, and every path that clients may use for them. Immutable, any thread.
 *
 * <p>A row of OpenAI's API below {@code /v1} is found by Azure's spellings as well: below {@code /openai/v1}, below a
 * deployment, and, where Azure's resources take the model from the body, below {@code /openai} alone.
 */
public final class Operations {

    private static final Pattern PATH = Pattern.compile("/[^{}?]*(\\{[^{}/?]+}[^{}?]*)?");

    /** A browser asks whether a page may send its request: on every path, so that it is in no table. */
    public static final Operation PREFLIGHT = new Operation("OPTIONS", "*", Handling.OPEN, Body.NONE, Answers.OWN);

    /** Nothing is served. */
    public static final Operations NONE = new Operations(List.of());

    private static final String AZURE = "/openai";
    private static final String DEPLOYMENT = AZURE + "/deployments/{deployment}";

    /**
     * What a path with a parameter leads to.
     *
     * @param operation never {@code null}
     * @param parameter as it stands in the path, not empty
     */
    public record Found(Operation operation, String parameter) {}

    private record Template(String before, String after, Operation operation) {

        boolean isLike(Template other) {
            return before.equals(other.before) && after.equals(other.after);
        }

        /** What stands at the place of the parameter; {@code null} when {@code path} is not of this form. */
        String parameter(String path) {
            int end = path.length() - after.length();
            if (end <= before.length() || !path.startsWith(before) || !path.endsWith(after)) {
                return null;
            }
            String parameter = path.substring(before.length(), end);
            // The names of models have slashes, those of deployments and objects have none.
            boolean oneSegment = operation.model() != ModelPlace.PATH;
            return oneSegment && parameter.indexOf('/') >= 0 ? null : parameter;
        }
    }

    private final List<Operation> rows;
    private final Map<String, Operation> paths = new HashMap<>();
    private final List<Template> templates = new ArrayList<>();
    private final String methods;

    /**
     * A table of these rows.
     *
     * @throws IllegalArgumentException when two rows have a path in common, a row's path has more than one parameter, or a
     *     provider would be asked for a path with a parameter, which no kind of provider can make, or without a model
     */
    public Operations(List<Operation> rows) {
        this.rows = List.copyOf(rows);
        Set<String> all = new TreeSet<>();
        for (Operation row : rows) {
            check(row);
            add(row.path(), row);
            boolean versioned = row.behindVersion().length() < row.path().length();
            if (row.family() == ApiFamily.OPENAI && versioned) {
                addAzures(row);
            }
            all.add(row.method());
            if (row.method().equals("GET")) {
                all.add("HEAD");
            }
        }
        methods = String.join(", ", all);
    }

    private static void check(Operation row) {
        expect(PATH.matcher(row.path()).matches(), row, "a path, with one parameter in braces at most");
        if (row.proxied()) {
            expect(row.path().indexOf('{') < 0, row, "no parameter");
            expect(row.model() != ModelPlace.NONE && row.model() != ModelPlace.PATH, row, "a model in the body");
        }
    }

    private static void expect(boolean holds, Operation row, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("operations: " + row.path() + " (expected: " + expected + ")");
        }
    }

    private void addAzures(Operation row) {
        add(AZURE + row.path(), row);
        if (row.model() != ModelPlace.DEPLOYMENT) {
            add(AZURE + row.behindVersion(), row);
        }
        if (row.proxied()) {
            add(DEPLOYMENT + row.behindVersion(), row);
        }
    }

    private void add(String path, Operation row) {
        int brace = path.indexOf('{');
        boolean added;
        if (brace < 0) {
            added = paths.putIfAbsent(path, row) == null;
        } else {
            Template template = new Template(path.substring(0, brace), path.substring(path.indexOf('}') + 1), row);
            added = templates.stream().noneMatch(template::isLike) && templates.add(template);
        }
        if (!added) {
            throw new IllegalArgumentException("operations: " + path + " twice");
        }
    }

    /** This table with one more row. */
    public Operations with(Operation row) {
        List<Operation> more = new ArrayList<>(rows);
        more.add(row);
        return new Operations(more);
    }

    /** All rows, in the order given. */
    public List<Operation> rows() {
        return rows;
    }

    /** The rows that providers answer, in the order given. */
    public List<Operation> proxied() {
        return rows.stream().filter(Operation::proxied).toList();
    }

    /** The methods of all rows, in the order of the alphabet, as header fields list them. */
    public String methods() {
        return methods;
    }

    /** The operation whose path, or one of whose spellings, is {@code path}; {@code null} when there is none. */
    public Operation at(String path) {
        return paths.get(path);
    }

    /** The operation to which {@code path} leads with a parameter in it, and the parameter; {@code null} when there is none. */
    public Found matching(String path) {
        for (Template template : templates) {
            String parameter = template.parameter(path);
            if (parameter != null) {
                return new Found(template.operation(), parameter);
            }
        }
        return null;
    }

    /** Whose errors to show a client that asks for {@code path}, which is not in the table: by the paths it begins like. */
    public ApiFamily family(String path) {
        for (Operation row : rows) {
            if (row.family() == ApiFamily.ANTHROPIC && path.startsWith(row.path())) {
                return ApiFamily.ANTHROPIC;
            }
        }
        return ApiFamily.OPENAI;
    }
}
