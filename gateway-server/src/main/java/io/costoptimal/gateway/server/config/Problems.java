package io.costoptimal.gateway.server.config;

import java.util.List;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what is wrong with one file. Owned by the thread that loads it. */
final class Problems {

    private final String file;
    private final TreeSet<Problem> found = new TreeSet<>();

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

    void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw new ConfigException(List.copyOf(found));
        }
    }
}
