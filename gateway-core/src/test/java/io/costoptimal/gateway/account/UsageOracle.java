package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Usage;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What {@link UsageTap} shall find in an answer, read byte after byte from the whole of it, names as strings. */
final class UsageOracle {

    /** More tokens than an answer can use. */
    private static final BigDecimal MOST = new BigDecimal("1e9");

    private static final Set<String> LAST = Set.of(
            "message_stop", "response.completed", "response.incomplete", "response.failed", "response.done", "error");
    private static final Set<String> DETAILS = Set.of(
            "prompt_tokens_details", "completion_tokens_details", "input_tokens_details", "output_tokens_details");
    private static final Map<String, Integer> TOTALS = Map.of(
            "prompt_tokens",
            0,
            "input_tokens",
            0,
            "completion_tokens",
            1,
            "output_tokens",
            1,
            "cache_read_input_tokens",
            2,
            "cache_creation_input_tokens",
            3);
    private static final Map<String, Integer> PARTS =
            Map.of("cached_tokens", 2, "cache_write_tokens", 3, "reasoning_tokens", 4, "thinking_tokens", 4);

    private final String envelope;
    private final Set<String> carriers;

    private final Map<Integer, Long> figures = new HashMap<>();
    private boolean finished;
    private boolean ending;
    private boolean ended;

    private UsageOracle(Operation operation, boolean events) {
        boolean responses = events && operation == StandardOperations.RESPONSES;
        boolean messages = events && operation == StandardOperations.MESSAGES;
        envelope = responses ? "response" : messages ? "message" : null;
        carriers = responses ? LAST : messages ? Set.of("message_start", "message_delta") : null;
    }

    static UsageOracle of(Operation operation, boolean events, byte[] answer) {
        UsageOracle oracle = new UsageOracle(operation, events);
        String text = new String(answer, ISO_8859_1);
        if (events) {
            oracle.events(text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text);
        } else {
            oracle.document(text);
            oracle.ended = oracle.finished;
        }
        return oracle;
    }

    Usage usage() {
        return figures.isEmpty() ? null : new Usage(figure(0), figure(1), figure(2), figure(3), figure(4));
    }

    boolean ended() {
        return ended;
    }

    private long figure(int which) {
        return figures.getOrDefault(which, -1L);
    }

    private void events(String text) {
        String[] lines = text.split("\r\n|\r|\n", -1);
        StringBuilder data = new StringBuilder();
        boolean done = false;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith("data:")) {
                String content = lines[i].substring(5).replaceFirst("^ +", "");
                done |= content.startsWith("[DONE]");
                boolean held = i == lines.length - 1 && "[DONE".startsWith(content);
                data.append(held ? "" : content);
            }
            if (lines[i].isEmpty() || i == lines.length - 1) {
                document(data.toString());
                ended |= lines[i].isEmpty() && i < lines.length - 1 && (done || ending);
                data.setLength(0);
                done = false;
            }
        }
    }

    /** The innermost place comes first: "root", "envelope", "usage", "details" or "other". */
    private void document(String text) {
        Deque<String> open = new ArrayDeque<>();
        Map<Integer, Long> pending = new HashMap<>();
        Map<Integer, Long> last = new HashMap<>();
        String name = null;
        boolean nameNext = false;
        String number = "";
        finished = false;
        ending = false;
        for (int i = 0; i < text.length() && !finished; i++) {
            char c = text.charAt(i);
            boolean passed = "other".equals(open.peek());
            if (open.isEmpty()) {
                finished = c > ' ' && c < 0x80 && c != '{' && c != ',';
            }
            if (c == '"' && !finished) {
                int end = stringEnd(text, i + 1);
                String string = text.substring(i + 1, end);
                i = end;
                if (passed) {
                    continue;
                }
                boolean value = !nameNext;
                nameNext = false;
                ending |= value && open.size() == 1 && "error".equals(name);
                if (end == text.length()) {
                    break;
                }
                if (!value) {
                    name = string;
                } else if (open.size() == 1 && "type".equals(name)) {
                    ending |= LAST.contains(string);
                    finished = !ending && carriers != null && !carriers.contains(string);
                }
            } else if (c == '{' || c == '[') {
                if (!passed && !finished) {
                    ending |= open.size() == 1 && "error".equals(name);
                    open.push(c == '[' ? "other" : placeOf(open.peek(), name));
                    nameNext = !"other".equals(open.peek());
                    name = nameNext ? null : name;
                    if ("usage".equals(open.peek())) {
                        pending.clear();
                    }
                } else {
                    open.push("other");
                }
            } else if (c == '}' || c == ']') {
                if (!passed && !finished) {
                    note(pending, open.peek(), name, number);
                    name = null;
                    number = "";
                    nameNext = false;
                    if ("usage".equals(open.peek()) && !pending.isEmpty()) {
                        last = Map.copyOf(pending);
                    }
                    open.pop();
                    finished = open.isEmpty();
                } else if (passed) {
                    open.pop();
                }
            } else if (!passed && c == ',') {
                note(pending, open.peek(), name, number);
                name = null;
                number = "";
                nameNext = true;
            } else if (!passed && !open.isEmpty() && (c >= '0' && c <= '9' || "-+.eE".indexOf(c) >= 0)) {
                number += c;
            }
        }
        commit(last);
    }

    private String placeOf(String parent, String name) {
        if (parent == null) {
            return "root";
        }
        if ("usage".equals(name) && (parent.equals("root") || parent.equals("envelope"))) {
            return "usage";
        }
        if (parent.equals("root") && name != null && name.equals(envelope)) {
            return "envelope";
        }
        return parent.equals("usage") && DETAILS.contains(String.valueOf(name)) ? "details" : "other";
    }

    private static int stringEnd(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, text.length());
    }

    private static void note(Map<Integer, Long> pending, String place, String name, String number) {
        if (!number.matches("[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?") || place == null || name == null) {
            return;
        }
        Integer which = place.equals("usage") ? TOTALS.get(name) : place.equals("details") ? PARTS.get(name) : null;
        BigDecimal value = new BigDecimal(number).stripTrailingZeros();
        if (which != null && value.scale() <= 0 && value.compareTo(MOST) <= 0) {
            pending.put(which, value.longValueExact());
        }
    }

    /** One event of several. Input, cached and written are the last event's that says most of them; what it does not say is kept. */
    private void commit(Map<Integer, Long> said) {
        boolean last = says(said) >= says(figures);
        said.forEach((which, value) -> {
            if (which == 1 || which == 4) {
                figures.merge(which, value, Math::max);
            } else if (last) {
                figures.put(which, value);
            } else {
                figures.putIfAbsent(which, value);
            }
        });
    }

    private static int says(Map<Integer, Long> figures) {
        boolean cache = figures.getOrDefault(2, 0L) > 0 || figures.getOrDefault(3, 0L) > 0;
        return cache ? 2 : figures.getOrDefault(0, 0L) > 0 ? 1 : 0;
    }
}
