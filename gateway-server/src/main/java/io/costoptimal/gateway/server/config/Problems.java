package io.costoptimal.gateway.server.config;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with one file. Owned by the thread that loads it. */
final class Problems {

    private final String file;
    private final TreeSet<Problem> found = new TreeSet<>();

    private final TreeSet<Problem> warnings = new TreeSet<>();

    private Mark credential;

    Problems(String file) {
        this.file = file;
    }

    /** Notes a problem of the file as a whole. */
    void whole(String message) {
        at(0, 0, message);
    }

    void at(Node node, String message) {
        at(node.getStartMark().orElseThrow(), message);
    }

    void at(Mark mark, String message) {
        at(mark.getLine() + 1, mark.getColumn() + 1, message);
    }

    void at(int line, int col, String message) {
        found.add(new Problem(file, line, col, message));
    }

    /** Notes a problem of another file, which this one names. */
    void elsewhere(Problem problem) {
        found.add(problem);
    }

    /** Notes that a credential stands in the file itself. */
    void credentialAt(Node node) {
        Mark place = node.getStartMark().orElseThrow();
        credential = credential == null || place.getIndex() < credential.getIndex() ? place : credential;
    }

    /** Notes what is no reason to refuse the file. */
    void warnAt(Node node, String message) {
        warnAt(node.getStartMark().orElseThrow(), message);
    }

    private void warnAt(Mark mark, String message) {
        warnAt(mark.getLine() + 1, mark.getColumn() + 1, message);
    }

    /** Notes what is no reason to refuse the file. */
    void warnAt(int line, int col, String message) {
        warnings.add(new Problem(file, line, col, "warning: " + message));
    }

    /** Warns at the first credential that stands in the file, if one does. */
    void warnOfCredentials(String message) {
        if (credential != null) {
            warnAt(credential, message);
        }
    }

    /** By place in the file. */
    Collection<Problem> warnings() {
        return warnings;
    }

    void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw new ConfigException(List.copyOf(found));
        }
    }
}
