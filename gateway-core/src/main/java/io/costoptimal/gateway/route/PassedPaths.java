package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operation.ErrorEvent;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.Line;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operation.Objects;
import io.costoptimal.gateway.exchange.Operations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows for paths that a table does not have and that an entry of {@code routes} opens: their requests go on byte for byte.
 *
 * <p>Clients find such a row by Azure's spellings of its path, too.
 *
 * <p>An entry that is about objects opens no other path beside those of the table, unless it shares the objects: a provider
 * might take such a path for one of an object, and nobody here would ask whose it is.
 */
public final class PassedPaths {

    /** What an entry without methods opens. */
    private static final List<String> METHODS = List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

    private static final Body ANY = new Body(ModelPlace.NONE, Body.NONE.text(), BodyPolicy.STREAMED);

    /** Far more than a file opens; only many files, one after the other, get here. */
    private static final int KEPT = 4096;

    /** Rows by method and path, so that a file that is loaded again has the same ones. */
    private static final Map<String, Operation> MADE = new ConcurrentHashMap<>();

    private PassedPaths() {}

    /** {@code table} with the rows that {@code routes} open. */
    public static Operations of(Operations table, List<PathRoute> routes) {
        List<Operation> rows = new ArrayList<>(table.rows());
        Set<String> there = new HashSet<>();
        rows.forEach(row ->
                table.spellings(row).forEach(path -> there.add(row.method() + ' ' + shape(path, row.model()))));
        for (PathRoute route : routes) {
            for (PathPattern pattern : route.paths()) {
                if (route.shareObjects() || !isAboutObjects(pattern, table)) {
                    add(rows, there, pattern, route.methods());
                }
            }
        }
        return rows.size() == table.rows().size() ? table : new Operations(rows);
    }

    /**
     * Whether a path of {@code table} that is about objects is of the form {@code pattern}, or could be found by a row that
     * {@code pattern} opens; in whatever spelling.
     */
    public static boolean isAboutObjects(PathPattern pattern, Operations table) {
        List<PathPattern> spelled = pattern.templates().stream()
                .flatMap(path -> table.spellings(row("GET", path)).stream())
                .map(PathPattern::ofTemplate)
                .toList();
        return table.proxied().stream()
                .filter(row -> row.objects().role() != Objects.Role.NONE)
                .flatMap(row -> table.spellings(row).stream())
                .anyMatch(path -> spelled.stream().anyMatch(each -> each.touches(path)));
    }

    private static void add(List<Operation> rows, Set<String> there, PathPattern pattern, Collection<String> methods) {
        for (String path : pattern.templates()) {
            for (String method : methods.isEmpty() ? METHODS : methods) {
                if (there.add(method + ' ' + shape(path))) {
                    rows.add(row(method, path));
                }
            }
        }
    }

    private static Operation row(String method, String path) {
        if (MADE.size() >= KEPT) {
            MADE.clear();
        }
        return MADE.computeIfAbsent(
                method + ' ' + path,
                line -> new Operation(
                        new Line(method, path),
                        Handling.PROXIED,
                        ANY,
                        Answers.free(ApiFamily.OPENAI, ErrorEvent.CHAT),
                        Objects.NONE));
    }

    /** Two paths of one shape are the same to the table. */
    private static String shape(String path, ModelPlace model) {
        String shape = shape(path);
        return model == ModelPlace.PATH ? shape.substring(0, shape.lastIndexOf('/')) + "/{*}" : shape;
    }

    private static String shape(String path) {
        return path.replaceAll("\\{[^*}][^}]*}", "{}");
    }
}
