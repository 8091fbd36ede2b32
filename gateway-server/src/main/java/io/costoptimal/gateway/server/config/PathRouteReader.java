package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads {@code routes}: where requests go that name no model, and who may send them. Owned by the thread that loads. */
final class PathRouteReader {

    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");
    private static final Set<String> NEVER = Set.of("CONNECT", "TRACE");

    private final Function<Value, Provider> providers;
    private final Set<String> keys;
    private final Provider standard;

    /**
     * @param providers finds a provider by its id, and notes when there is none
     * @param keys that may be named
     * @param standard the default provider; {@code null} when there is none
     */
    PathRouteReader(Function<Value, Provider> providers, List<KeyEntry> keys, Provider standard) {
        this.providers = providers;
        this.keys = keys.stream().map(key -> key.owner().name()).collect(Collectors.toSet());
        this.standard = standard;
    }

    /** In the order of the file. */
    List<PathRoute> read(Section file) {
        List<PathRoute> routes = new ArrayList<>();
        for (Value item : file.items("routes")) {
            item.section().ifPresent(section -> {
                PathRoute route = one(section);
                if (!route.paths().isEmpty()) {
                    routes.add(route);
                }
            });
        }
        return routes;
    }

    private PathRoute one(Section section) {
        try (section) {
            List<PathPattern> paths = new ArrayList<>();
            section.requiredItems("paths")
                    .forEach(item -> item.as(PathRouteReader::pattern).ifPresent(pattern -> {
                        paths.add(pattern);
                        warnOfOwn(item, pattern);
                    }));
            Set<String> methods = new LinkedHashSet<>();
            section.restriction("methods")
                    .ifPresent(items -> items.forEach(
                            item -> item.as(PathRouteReader::method).ifPresent(methods::add)));
            Optional<Value> written = section.value("provider");
            Provider provider = written.map(providers).orElse(null);
            if (written.isEmpty() && standard == null) {
                section.problem("nothing serves these paths (expected: provider, or a default_provider)");
            }
            Set<String> named = new LinkedHashSet<>();
            section.restriction("keys")
                    .ifPresent(items -> items.forEach(item -> item.text().ifPresent(name -> {
                        named.add(name);
                        if (!keys.contains(name)) {
                            item.problem("keys: unknown key: " + Value.oneLine(name)
                                    + " (expected: the name of one of api_keys)");
                        }
                    })));
            return new PathRoute(paths, methods, provider, named, section.flag("share_objects", false));
        }
    }

    private static PathPattern pattern(String text) {
        if ((text + '/').startsWith("/openai/")) {
            throw new IllegalArgumentException("the path as the public API has it, without /openai");
        }
        return new PathPattern(text);
    }

    /** What the gateway answers itself goes nowhere, whatever an entry says. */
    private static void warnOfOwn(Value item, PathPattern pattern) {
        boolean own = StandardOperations.ALL.rows().stream()
                .anyMatch(row -> !row.proxied() && pattern.toString().equals(row.path()));
        if (own) {
            item.warn("paths: the gateway answers " + pattern + " itself (expected: a path that providers answer)");
        }
    }

    private static String method(String text) {
        if (!METHOD.matcher(text).matches() || NEVER.contains(text)) {
            throw new IllegalArgumentException("a method in upper case, such as POST, but neither CONNECT nor TRACE");
        }
        return text;
    }
}
