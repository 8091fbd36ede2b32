package io.costoptimal.gateway.exchange;

import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Path templates by their segments. A segment that is written out comes before a parameter, and a parameter for one segment
 * before one for the rest. Filled by one thread, then read by any.
 */
final class PathTree {

    /** What a path leads to, and the segments that stand in the place of parameters, as they are spelled. */
    record Match(ServedPath served, boolean rest, List<String> parameters) {}

    private static final class Node {
        private final Map<String, Node> literal = new HashMap<>();
        private Node parameter;
        private final List<Operation> ending = new ArrayList<>();
        private final List<Operation> restBelow = new ArrayList<>();
        private ServedPath served;
        private ServedPath servedBelow;
    }

    private final Node root = new Node();

    /**
     * Adds {@code template}, one of the spellings of {@code row}'s path.
     *
     * @param rest whether its last segment, a parameter, stands for one segment or more
     * @return whether it was not there yet
     */
    boolean add(String template, boolean rest, Operation row) {
        String[] segments = template.substring(1).split("/", -1);
        Node node = root;
        Node parent = root;
        for (int i = 0; i < segments.length - (rest ? 1 : 0); i++) {
            parent = node;
            if (isParameter(segments[i])) {
                node.parameter = node.parameter == null ? new Node() : node.parameter;
                node = node.parameter;
            } else {
                node = node.literal.computeIfAbsent(segments[i], name -> new Node());
            }
        }
        List<Operation> operations = rest ? node.restBelow : node.ending;
        boolean hidesModel = !rest && node == parent.parameter && isModel(parent.restBelow, row);
        if (new ServedPath(operations).has(row) || hidesModel) {
            return false;
        }
        operations.add(row);
        if (rest) {
            node.servedBelow = new ServedPath(List.copyOf(operations));
        } else {
            node.served = new ServedPath(List.copyOf(operations));
        }
        return true;
    }

    /** A parameter would be found in the place of a model whose name has no slash. */
    private static boolean isModel(List<Operation> rest, Operation row) {
        return new ServedPath(rest).has(row) && rest.get(0).model() == ModelPlace.PATH;
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    /** What {@code path} leads to; {@code null} when nothing is like it. */
    Match find(String path) {
        return path.startsWith("/") ? find(root, path, 1, List.of()) : null;
    }

    /** @param start of the next segment, behind its slash */
    private static Match find(Node node, String path, int start, List<String> before) {
        int slash = path.indexOf('/', start);
        int end = slash < 0 ? path.length() : slash;
        if (end == start) {
            return null;
        }
        String segment = path.substring(start, end);
        Match found = follow(node.literal.get(segment), path, end, before);
        if (found == null && node.parameter != null) {
            found = follow(node.parameter, path, end, with(before, segment));
        }
        if (found == null && node.servedBelow != null) {
            found = new Match(node.servedBelow, true, with(before, path.substring(start)));
        }
        return found;
    }

    private static Match follow(Node node, String path, int end, List<String> parameters) {
        if (node == null) {
            return null;
        }
        if (end < path.length()) {
            return find(node, path, end + 1, parameters);
        }
        return node.served == null ? null : new Match(node.served, false, parameters);
    }

    private static List<String> with(List<String> before, String one) {
        List<String> all = new ArrayList<>(before);
        all.add(one);
        return all;
    }
}
