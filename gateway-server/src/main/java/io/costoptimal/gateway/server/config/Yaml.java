package io.costoptimal.gateway.server.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Turns text into a tree of nodes that know their place, and refuses what makes YAML dangerous or surprising.
 *
 * <p>The library composes recursively and without a depth limit, so the events are looked at first: one pass that cannot
 * overflow the stack and that sees every anchor, alias and tag where it stands.
 */
final class Yaml {

    /** Deepest nesting of lists and maps; the format needs eight. */
    static final int MAX_DEPTH = 32;

    private Yaml() {}

    /** Composes {@code text}; an empty document is empty, and so is one whose problems were noted. */
    static Optional<Node> compose(String text, Problems problems) {
        if (!printable(text, problems)) {
            return Optional.empty();
        }
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setAllowNonScalarKeys(true) // refused with their place by Section
                .setCodePointLimit(text.length() + 1)
                .build();
        try {
            if (!harmless(new Parse(settings).parseString(text), problems)) {
                return Optional.empty();
            }
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            e.getProblemMark()
                    .ifPresentOrElse(
                            mark -> problems.at(mark, "not YAML: " + e.getProblem() + advice(e.getProblem())),
                            () -> problems.whole("not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            problems.whole("not YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** The library refuses control characters too, but does not say where they are. */
    private static boolean printable(String text, Problems problems) {
        int line = 1;
        int col = 1;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (!StreamReader.isPrintable(c)) {
                problems.at(line, col, String.format("not YAML: character U+%04X is not allowed", c));
                return false;
            }
            i += Character.charCount(c);
            col = c == '\n' ? 1 : col + 1;
            line = c == '\n' ? line + 1 : line;
        }
        return true;
    }

    private static boolean harmless(Iterable<Event> events, Problems problems) {
        boolean harmless = true;
        int depth = 0;
        int documents = 0;
        for (Event event : events) {
            String refusal = refusal(event);
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                problems.at(event.getStartMark().orElseThrow(), "nested deeper than " + MAX_DEPTH + " levels");
                return false;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            } else if (event instanceof DocumentStartEvent && ++documents > 1) {
                refusal = "a second document (expected: one)";
            }
            if (refusal != null) {
                problems.at(event.getStartMark().orElseThrow(), refusal);
                harmless = false;
            }
        }
        return harmless;
    }

    private static String refusal(Event event) {
        if (event instanceof AliasEvent alias) {
            return "alias *" + alias.getAlias() + " (expected: no anchors and aliases; write the value out)";
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            return "anchor &" + node.getAnchor().get() + " (expected: no anchors and aliases; write the value out)";
        }
        Optional<String> tag = event instanceof ScalarEvent scalar
                ? scalar.getTag()
                : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
        return tag.map(name -> "tag " + name + " (expected: no tags"
                        + (name.startsWith("!") ? "; a value that begins with ! stands in quotes)" : ")"))
                .orElse(null);
    }

    /** What follows the library's words where they speak of YAML and the author thought of a rule or another text. */
    private static String advice(String problem) {
        if (problem.startsWith("mapping values are not allowed")) {
            return " (a value with ': ' in it stands in quotes)";
        }
        return problem.contains("found '<scalar>'")
                        || problem.contains("cannot start any token") && !problem.contains("TAB")
                ? " (such a value stands in quotes as a whole)"
                : "";
    }
}
