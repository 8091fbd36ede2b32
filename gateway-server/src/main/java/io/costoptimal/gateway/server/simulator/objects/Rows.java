package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The table of paths: method, template and who answers. Filled once, then only read. */
final class Rows {

    private final List<Row> rows = new ArrayList<>();

    /**
     * A row.
     *
     * @param template segments; one in braces stands for any, and a star at the end for all that follows
     */
    private record Row(String method, List<String> template, Function<Call, Given> answer) {}

    /**
     * A row that matched.
     *
     * @param parameters what stands in its gaps
     */
    record Match(Map<String, String> parameters, Function<Call, Given> answer) {}

    Rows on(String method, String template, Function<Call, Given> answer) {
        rows.add(new Row(method, List.of(template.split("/")), answer));
        return this;
    }

    /** The first row for {@code path}; {@code null} when there is none. Any method matches when {@code method} is {@code null}. */
    Match find(String method, List<String> path) {
        for (Row row : rows) {
            Map<String, String> parameters = parameters(row.template, path);
            if (parameters != null && (method == null || row.method.equals(method) || row.method.equals("*"))) {
                return new Match(parameters, row.answer);
            }
        }
        return null;
    }

    private static Map<String, String> parameters(List<String> template, List<String> path) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String wanted = template.get(i);
            if (wanted.equals("*")) {
                return parameters;
            }
            if (i == path.size()) {
                return null;
            }
            if (wanted.startsWith("{")) {
                parameters.put(wanted.substring(1, wanted.length() - 1), path.get(i));
            } else if (!wanted.equals(path.get(i))) {
                return null;
            }
        }
        return template.size() == path.size() ? parameters : null;
    }
}
