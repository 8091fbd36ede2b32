package io.costoptimal.gateway.route;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Paths as an operator writes them: a {@code *} stands for one segment, and at the end for any number of them, none included,
 * so that {@code /v1/files/*} covers {@code /v1/files} too. Immutable, any thread.
 */
public final class PathPattern {

    /** What may be written; a message of an {@link IllegalArgumentException} quotes it. */
    public static final String FORM = "a path such as /v1/files/*, with * in the place of whole segments";

    private static final Pattern WRITTEN = Pattern.compile("(?:/(?:\\*|[A-Za-z0-9._~!$&'()+,;=:@-]+))+");
    private static final String ANY = "*";

    private final String text;
    private final List<String> segments;

    /** @throws IllegalArgumentException when {@code text} is no such path; the message says what is */
    public PathPattern(String text) {
        if (!WRITTEN.matcher(text).matches() || (text + '/').contains("/./") || (text + '/').contains("/../")) {
            throw new IllegalArgumentException(FORM);
        }
        this.text = text;
        this.segments = segments(text);
    }

    private static List<String> segments(String path) {
        return Arrays.asList(path.substring(1).split("/", -1));
    }

    /** Whether every path of the form {@code template}, the path of an operation, is meant. */
    public boolean covers(String template) {
        List<String> others = segments(template);
        int fixed = segments.size() - (openEnded() ? 1 : 0);
        if (openEnded() ? others.size() < fixed : others.size() != fixed) {
            return false;
        }
        for (int i = 0; i < fixed; i++) {
            if (!segments.get(i).equals(ANY) && !segments.get(i).equals(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether some path of the form {@code template} is meant. */
    public boolean touches(String template) {
        List<String> others = segments(template);
        boolean rest = template.endsWith("/{*}");
        int n = Math.min(segments.size() - (openEnded() ? 1 : 0), others.size() - (rest ? 1 : 0));
        for (int i = 0; i < n; i++) {
            String other = others.get(i);
            if (!segments.get(i).equals(ANY)
                    && !other.startsWith("{")
                    && !segments.get(i).equals(other)) {
                return false;
            }
        }
        return segments.size() == others.size() || openEnded() && others.size() >= n || rest && segments.size() >= n;
    }

    /** Whether any number of segments may follow. */
    public boolean openEnded() {
        return segments.get(segments.size() - 1).equals(ANY);
    }

    /** The same as paths of operations, with parameters in the place of each {@code *}. */
    List<String> templates() {
        String template = template();
        if (!openEnded()) {
            return List.of(template);
        }
        String rest = template + "/{*}";
        return template.isEmpty() ? List.of(rest) : List.of(template, rest);
    }

    /** The pattern whose paths are those of the form {@code template}, the path of an operation. */
    static PathPattern ofTemplate(String template) {
        return new PathPattern(template.replaceAll("\\{[^}]*}", ANY));
    }

    /** Without what any number of segments may stand for. */
    private String template() {
        StringBuilder out = new StringBuilder();
        int n = segments.size() - (openEnded() ? 1 : 0);
        for (int i = 0; i < n; i++) {
            out.append('/').append(segments.get(i).equals(ANY) ? "{segment_" + (i + 1) + '}' : segments.get(i));
        }
        return out.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
