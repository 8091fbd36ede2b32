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
 * deployment if it has a model, and, unless Azure's resources take that from the path, below {@code /openai} alone. Where two
 * rows have a path in common, the one that has it as its own is found by it.
 */
public final class Operations {

    private static final String SEGMENT = "(?:\\{[^{}/?]+}|[^{}/?]+)";
    private static final Pattern PATH = Pattern.compile("/|(?:/" + SEGMENT + ")+");

    /** The name of a parameter that stands for the rest of a path. */
    static final String REST = "/{*}";

    /** A browser asks whether a page may send its request: on every path, so that it is in no table. */
    public static final Operation PREFLIGHT = new Operation("OPTIONS", "*", Handling.OPEN, Body.NONE, Answers.OWN);

    /** Nothing is served. */
    public static final Operations NONE = new Operations(List.of());

    private static final String AZURE = "/openai";
    private static final String DEPLOYMENT = AZURE + "/deployments/{deployment}";

    /**
     * What a path with parameters leads to.
     *
     * @param served never {@code null}
     * @param parameters as they stand in the path, each at least one character
     */
    public record Found(ServedPath served, List<String> parameters) {}

    private final List<Operation> rows;
    private final Map<String, ServedPath> paths = new HashMap<>();
    private final PathTree templates = new PathTree();
    private final String methods;

    /**
     * A table of these rows.
     *
     * @throws IllegalArgumentException when two rows of one API have method and path in common, a row's path is none, or a
     *     provider would be asked for a path with a model in it, which no kind of provider can make
     */
    public Operations(List<Operation> rows) {
        this.rows = List.copyOf(rows);
        Set<String> all = new TreeSet<>();
        for (Operation row : rows) {
            check(row);
            if (!add(row.path(), row)) {
                throw new IllegalArgumentException("operations: " + row.path() + " twice");
            }
            all.add(row.method());
            if (row.method().equals("GET")) {
                all.add("HEAD");
            }
        }
        rows.forEach(row -> spellings(row).forEach(path -> add(path, row)));
        methods = String.join(", ", all);
    }

    private static void check(Operation row) {
        expect(PATH.matcher(row.path()).matches(), row, "a path, with parameters in braces that are whole segments");
        boolean rest = row.path().contains(REST);
        expect(!rest || row.path().indexOf(REST) == row.path().length() - REST.length(), row, "the rest at the end");
        if (row.proxied()) {
            expect(row.model() != ModelPlace.PATH, row, "no model in the path");
            expect(row.model() == ModelPlace.NONE || !row.hasParameters(), row, "no parameter beside a model");
        }
    }

    private static void expect(boolean holds, Operation row, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("operations: " + row.path() + " (expected: " + expected + ")");
        }
    }

    /**
     * Every path that clients may use for {@code row}, one of the table or one that could be, in the form of
     * {@link Operation#path}: its own comes first.
     */
    public List<String> spellings(Operation row) {
        List<String> all = new ArrayList<>(List.of(row.path()));
        boolean versioned = row.behindVersion().length() < row.path().length();
        if (row.family() == ApiFamily.OPENAI && versioned) {
            all.add(AZURE + row.path());
            if (!row.model().byDeployment() && !isBelowDeployments(row) && !maybeDeployments(row)) {
                all.add(AZURE + row.behindVersion());
            }
            if (row.proxied() && row.model() != ModelPlace.NONE) {
                all.add(DEPLOYMENT + row.behindVersion());
            }
        }
        return all;
    }

    /** What Azure has below a deployment, it has not beside the deployments as well. */
    private boolean isBelowDeployments(Operation row) {
        return rows.stream()
                .anyMatch(other -> other.model().byDeployment() && (row.path() + '/').startsWith(other.path() + '/'));
    }

    /** Whether it would be found by paths of Azure's deployments if it stood below {@code /openai} alone. */
    private static boolean maybeDeployments(Operation row) {
        String behind = row.behindVersion() + '/';
        return behind.startsWith("/{") || behind.startsWith("/deployments/");
    }

    /** Returns whether {@code path} was free. */
    private boolean add(String path, Operation row) {
        return path.indexOf('{') < 0 ? addPlain(path, row) : templates.add(path, endsInRest(row), row);
    }

    /** The names of models have slashes, those of deployments and objects have none. */
    private static boolean endsInRest(Operation row) {
        return row.model() == ModelPlace.PATH && row.path().endsWith("}")
                || row.path().endsWith(REST);
    }

    private boolean addPlain(String path, Operation row) {
        ServedPath served = paths.get(path);
        if (served != null && served.has(row)) {
            return false;
        }
        List<Operation> operations = new ArrayList<>(served == null ? List.of() : served.operations());
        operations.add(row);
        paths.put(path, new ServedPath(List.copyOf(operations)));
        return true;
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

    /** Those of them that go where their model says, in the order given. */
    public List<Operation> byModel() {
        return rows.stream()
                .filter(row -> row.proxied() && row.model() != ModelPlace.NONE)
                .toList();
    }

    /** The methods of all rows, in the order of the alphabet, as header fields list them. */
    public String methods() {
        return methods;
    }

    /** What is served at {@code path}, which has no parameter; {@code null} when nothing is. */
    public ServedPath at(String path) {
        return paths.get(path);
    }

    /** What {@code path} leads to with parameters in it; {@code null} when nothing is like it. */
    public Found matching(String path) {
        PathTree.Match match = templates.find(path);
        boolean model = match != null && match.rest() && isModel(match.served());
        List<String> parameters = match == null ? null : match.parameters();
        // No model's name ends in a slash.
        return match == null || model && parameters.get(parameters.size() - 1).endsWith("/")
                ? null
                : new Found(match.served(), parameters);
    }

    private static boolean isModel(ServedPath served) {
        return served.operations().get(0).model() == ModelPlace.PATH;
    }

    /** Whose errors to show a client that asks for {@code path}, which is not in the table: by the paths it begins like. */
    public ApiFamily family(String path) {
        for (Operation row : rows) {
            boolean alone = row.family() == ApiFamily.ANTHROPIC
                    && !row.hasParameters()
                    && !paths.get(row.path()).shared();
            if (alone && path.startsWith(row.path())) {
                return ApiFamily.ANTHROPIC;
            }
        }
        return ApiFamily.OPENAI;
    }
}
