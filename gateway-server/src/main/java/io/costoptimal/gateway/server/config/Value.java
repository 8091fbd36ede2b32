package io.costoptimal.gateway.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of the file, with the name it goes by in messages. Every method that reads it notes what is wrong and then
 * answers empty, so that reading goes on and finds the rest. Owned by the thread that loads.
 *
 * @param setting the key it stands under
 * @param secret whether its text must never be shown
 */
record Value(Setting setting, Node node, boolean secret, Reading reading) {

    private static final int SHOWN = 80;
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}|\\$\\{file:([^}]+)}|\\$\\{");

    /** How shells and other programs write a variable: in the upper case that variables have. */
    private static final Pattern FOREIGN_VARIABLE =
            Pattern.compile("(?:^|\\s)\\$([A-Z_][A-Z0-9_]{2,})(?:$|\\s)|^os\\.environ/([A-Za-z_][A-Za-z0-9_]*)$");

    /** The name of the key it stands under. */
    String name() {
        return setting.name();
    }

    /** The same value, never shown. */
    Value asSecret() {
        return new Value(setting, node, true, reading);
    }

    /** Whether nothing is written here: {@code key:} alone, or {@code null}. */
    boolean isNull() {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    /** Whether an empty text is written here: {@code key: ""}. */
    boolean isEmptyText() {
        return node instanceof ScalarNode scalar && scalar.getValue().isEmpty() && !isNull();
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** The text with variables replaced; numbers count as text, as they were written. */
    Optional<String> text() {
        boolean fits = node instanceof ScalarNode && !isNull() && !node.getTag().equals(Tag.BOOL);
        return fits ? substituted() : expected("text");
    }

    /** The text exactly as written. */
    Optional<String> verbatim() {
        return node instanceof ScalarNode scalar && !isNull() ? Optional.of(scalar.getValue()) : expected("text");
    }

    /**
     * The text as {@code parser} understands it.
     *
     * @param parser throws {@link IllegalArgumentException} whose message says what was expected
     */
    <T> Optional<T> as(Function<String, T> parser) {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(text.get()));
        } catch (IllegalArgumentException e) {
            return expected(e.getMessage());
        }
    }

    /** Like {@link #as}, for a text that opens doors; notes that it stands in the file, if it does. */
    <T> Optional<T> credential(Function<String, T> parser) {
        if (node instanceof ScalarNode scalar
                && !scalar.getValue().contains("${")
                && !scalar.getValue().startsWith("sha256:")) {
            reading.problems().credentialAt(node);
        }
        return asSecret().as(parser);
    }

    /** A number in {@code range}; one without a unit must not be quoted, unless a variable is in the quotes. */
    Optional<Long> number(Range range) {
        boolean quoted = node instanceof ScalarNode scalar
                && !scalar.isPlain()
                && !scalar.getValue().contains("${");
        return quoted && range.unit().plain() ? expected("a number without quotes") : as(range::parse);
    }

    /** {@code true} or {@code false}, unquoted; YAML 1.1's {@code yes} and {@code on} are text and refused. */
    Optional<Boolean> flag() {
        if (!(node instanceof ScalarNode scalar)) {
            return expected("true or false");
        }
        boolean variable = scalar.getValue().contains("${");
        if (!variable && !node.getTag().equals(Tag.BOOL)) {
            return expected("true or false");
        }
        Optional<String> text = substituted();
        return text.flatMap(word -> switch (word) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> expected("true or false");
        });
    }

    /** The items of a list; none when it is something else. */
    List<Value> items() {
        if (node instanceof SequenceNode list) {
            Setting each =
                    Setting.of(name(), setting.form().item(), setting.about().meaning());
            return list.getValue().stream()
                    .map(item -> new Value(each, item, secret, reading))
                    .toList();
        }
        expected("a list");
        return List.of();
    }

    /** The keys and values of a map. */
    Optional<Section> section() {
        return node instanceof MappingNode map
                ? Optional.of(new Section(name(), map, setting.form(), reading))
                : expected("a map");
    }

    /** Notes that this value is not what it must be. */
    <T> Optional<T> expected(String what) {
        return problem(name() + ": " + shown() + " (expected: " + what + ")");
    }

    /** Notes a problem at the start of this value. */
    <T> Optional<T> problem(String message) {
        if (!isGuessed()) {
            reading.problems().at(node, message);
        }
        return Optional.empty();
    }

    /** Whether the environment is not read and this value has a variable: its text is made up, so it is not judged. */
    private boolean isGuessed() {
        return reading.withoutEnvironment()
                && node instanceof ScalarNode scalar
                && VARIABLE.matcher(scalar.getValue())
                        .results()
                        .anyMatch(variable ->
                                variable.group(3) != null || variable.group(1) != null && variable.group(2) == null);
    }

    /** Notes what is no reason to refuse the file, at the start of this value. */
    void warn(String message) {
        reading.problems().warnAt(node, message);
    }

    /** Notes a problem at the character of this scalar's text that is at {@code offset}, in UTF-16 units. */
    <T> Optional<T> problemAt(int offset, String message) {
        SourceText.Place place = reading.source().locate((ScalarNode) node, offset);
        reading.problems().at(place.line(), place.col(), message);
        return Optional.empty();
    }

    /** Like {@link #problemAt}, of what is no reason to refuse the file. */
    void warnAt(int offset, String message) {
        SourceText.Place place = reading.source().locate((ScalarNode) node, offset);
        reading.problems().warnAt(place.line(), place.col(), message);
    }

    /** This value for a message: cut, on one line, and never a secret or what a variable held. */
    String shown() {
        if (!(node instanceof ScalarNode scalar)) {
            return node instanceof MappingNode ? "a map" : "a list";
        }
        if (isNull() || isEmptyText()) {
            return isNull() ? "nothing" : "\"\"";
        }
        return secret ? "***" : oneLine(scalar.getValue());
    }

    /** {@code text} as a message may carry it. */
    static String oneLine(String text) {
        String cut = text.codePointCount(0, text.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "...";
        StringBuilder line = new StringBuilder(cut.length());
        cut.codePoints().forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return line.toString();
    }

    private Optional<String> substituted() {
        ScalarNode scalar = (ScalarNode) node;
        Matcher foreign = FOREIGN_VARIABLE.matcher(scalar.getValue());
        if (foreign.find()) {
            boolean shell = foreign.group(1) != null;
            String key = foreign.group(shell ? 1 : 2);
            warnAt(
                    shell ? foreign.start(1) - 1 : 0,
                    name() + ": taken as it stands (from the environment: ${" + key + "})");
        }
        Matcher variable = VARIABLE.matcher(scalar.getValue());
        StringBuilder text = new StringBuilder();
        boolean whole = true;
        while (variable.find()) {
            String replacement = lookUp(variable);
            whole &= replacement != null;
            variable.appendReplacement(text, replacement == null ? "" : Matcher.quoteReplacement(replacement));
        }
        return whole ? Optional.of(variable.appendTail(text).toString()) : Optional.empty();
    }

    /** What {@code variable} stands for; {@code null} when that is unknown, and the problem was noted at its place. */
    private String lookUp(Matcher variable) {
        String key = variable.group(1);
        if (variable.group(3) != null) {
            return fileContent(variable);
        }
        String found = key == null ? null : reading.variable(key);
        String standard = key == null ? null : variable.group(2);
        if (standard != null && (found == null || found.isEmpty())) {
            return standard;
        }
        if (found == null && key != null && reading.withoutEnvironment()) {
            // Fits wherever a name, a key or a host does.
            return key.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        if (found == null) {
            String message = key == null
                    ? "${ without a name and } (expected: ${NAME}, ${NAME:-default} or ${file:PATH})"
                    : "${" + key + "} is not set in the environment (expected: a value, or ${" + key + ":-default})";
            problemAt(variable.start(), name() + ": " + message);
        }
        return found;
    }

    /** What the file holds that {@code ${file:PATH}} names; {@code null} when it cannot be had, which was noted. */
    private String fileContent(Matcher variable) {
        if (reading.withoutEnvironment()) {
            return "file";
        }
        try {
            SecretFile file = SecretFile.read(reading.folder(), variable.group(3));
            if (file.openToAll()) {
                warnAt(
                        variable.start(),
                        name() + ": every user of this machine may read " + variable.group(3)
                                + " (expected: a file mode such as 600)");
            }
            return file.text();
        } catch (IllegalArgumentException e) {
            problemAt(
                    variable.start(),
                    name() + ": ${file:" + variable.group(3) + "} (expected: " + e.getMessage() + ")");
            return null;
        }
    }
}
