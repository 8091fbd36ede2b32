package io.costoptimal.gateway.exchange;

import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of what is served: its rows, and every path that clients may use for them. Immutable, any thread.
 *
 * <p>A row of OpenAI's API below {@code /v1} is found by Azure's spellings as well: below {@code /openai/v1}, below a
 * deployment, and, where Azure's resources take the model from the body, below {@code /openai} alone.
 */
public final class Operations {

    /** A browser asks whether a page may send its request: on every path, so that it is in no table. */
    public static final Operation PREFLIGHT = new Operation("OPTIONS", "*", Handling.OPEN, Body.NONE, Answers.OWN);

    /** Nothing is served. */
    public static final Operations NONE = new Operations(List.of());

    private static final String AZURE = "/openai";
    private static final String DEPLOYMENTS = AZURE + "/deployments/";

    /**
     * A path that has a parameter, and what was found by it.
     *
     * @param operation never {@code null}
     * @param parameter as it stands in the path, not empty
     */
    public record Found(Operation operation, String parameter) {}

    private record Template(String before, String after, Operation operation) {

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

    /**
     * A table of these rows.
     *
     * @throws IllegalArgumentException when two rows have a path in common, or a provider would be asked for a path with a
     *     parameter, which no kind of provider can make
     */
    public Operations(List<Operation> rows) {
        this.rows = List.copyOf(rows);
        for (Operation row : rows) {
            if (row.proxied() && row.path().indexOf('{') >= 0) {
                throw new IllegalArgumentException("operations: " + row.path() + " (expected: no parameter)");
            }
            add(row.path(), row);
            boolean versioned = row.behindVersion().length() < row.path().length();
            if (row.family() == ApiFamily.OPENAI && versioned) {
                addAzures(row);
            }
        }
    }

    private void addAzures(Operation row) {
        add(AZURE + row.path(), row);
        if (row.model() != ModelPlace.DEPLOYMENT) {
            add(AZURE + row.behindVersion(), row);
        }
        if (row.proxied()) {
            templates.add(new Template(DEPLOYMENTS, row.behindVersion(), row));
        }
    }

    private void add(String path, Operation row) {
        int brace = path.indexOf('{');
        if (brace >= 0) {
            templates.add(new Template(path.substring(0, brace), path.substring(path.indexOf('}') + 1), row));
        } else if (paths.putIfAbsent(path, row) != null) {
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

    /** The operation whose path, or one of whose spellings, is {@code path}; {@code null} when there is none. */
    public Operation at(String path) {
        return paths.get(path);
    }

    /** The operation of whose form {@code path} is, with a parameter in it; {@code null} when there is none. */
    public Found within(String path) {
        for (Template template : templates) {
            String parameter = template.parameter(path);
            if (parameter != null) {
                return new Found(template.operation(), parameter);
            }
        }
        return null;
    }

    /** Whose API {@code path} would belong to, which leads nowhere. */
    public ApiFamily family(String path) {
        for (Operation row : rows) {
            if (row.family() == ApiFamily.ANTHROPIC && path.startsWith(row.path())) {
                return ApiFamily.ANTHROPIC;
            }
        }
        return ApiFamily.OPENAI;
    }
}
