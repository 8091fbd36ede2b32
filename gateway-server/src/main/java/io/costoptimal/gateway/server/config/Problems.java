package io.costoptimal.gateway.server.config;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with one file. Owned by the thread that loads it. */
final class Problems {

    private final String file;
    private final TreeSet<Problem> found = new TreeSet<>();

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

    /** Notes that a credential stands in the file itself. */
    void credentialAt(Node node) {
        credential = credential == null ? node.getStartMark().orElseThrow() : credential;
    }

    /** {@code message}, at the place of the first credential in the file; empty when it holds none. */
    Optional<Problem> aboutCredentials(String message) {
        return Optional.ofNullable(credential)
                .map(mark -> new Problem(file, mark.getLine() + 1, mark.getColumn() + 1, message));
    }

    void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw new ConfigException(List.copyOf(found));
        }
    }
}
