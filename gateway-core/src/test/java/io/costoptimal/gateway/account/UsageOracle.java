package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.exchange.Usage.Extra;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What {@link UsageTap} shall find in an answer, read byte after byte from the whole of it, names as strings. */
final class UsageOracle {

    /** More tokens than an answer can use. */
    private static final BigDecimal MOST = new BigDecimal("1e9");

    private static final Set<String> LAST = Set.of(
            "message_stop", "response.completed", "response.incomplete", "response.failed", "response.done", "error");
    /** A word ends with "within" where the figure is a part of the input told. */
    private static final Map<String, Map<String, String>> FIGURES = Map.of(
            "usage",
            Map.of(
                    "prompt_tokens", "prompt",
                    "input_tokens", "input",
                    "completion_tokens", "output",
                    "output_tokens", "output",
                    "total_tokens", "total",
                    "cached_tokens", "cached within",
                    "prompt_cache_hit_tokens", "cached within",
                    "cache_read_input_tokens", "cached",
                    "cache_creation_input_tokens", "written"),
            "prompt_tokens_details",
            Map.of(
                    "cached_tokens",
                    "cached within",
                    "cache_write_tokens",
                    "written within",
                    "audio_tokens",
                    "audio in"),
            "completion_tokens_details",
            Map.of("reasoning_tokens", "reasoning", "thinking_tokens", "reasoning", "audio_tokens", "audio out"),
            "cache_creation",
            Map.of("ephemeral_5m_input_tokens", "5m", "ephemeral_1h_input_tokens", "1h"),
            "server_tool_use",
            Map.of("web_fetch_requests", "fetches"));

    private static final Map<String, String> PARTS = Map.of(
            "prompt_tokens_details", "prompt_tokens_details",
            "input_tokens_details", "prompt_tokens_details",
            "completion_tokens_details", "completion_tokens_details",
            "output_tokens_details", "completion_tokens_details",
            "cache_creation", "cache_creation",
            "server_tool_use", "server_tool_use");

    private static final Set<String> RUNNING = Set.of("output", "reasoning", "audio out", "total");
    private static final Set<String> SAID = Set.of("input", "cached", "written", "5m", "1h", "output", "reasoning");
    private static final List<String> RATES = Arrays.asList("service_tier", "speed", "inference_geo");
    private static final Set<String> USUAL_RATES =
            Set.of("default", "standard", "auto", "on_demand", "global", "not_available");
    private static final String TOOL = "tool ";
    private static final Set<String> CACHE = Set.of("cached", "written", "5m", "1h");

    private final String envelope;
    private final Set<String> carriers;

    /** What was said so far, by words of ours. */
    private final Map<String, Long> figures = new HashMap<>();

    /** By kind, the rate named last; and uses of tools by name, the most told. */
    private final Map<Kind, String> rates = new EnumMap<>(Kind.class);

    private final Map<String, Long> tools = new TreeMap<>();
    private String tier;
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
        return SAID.stream().anyMatch(figures::containsKey) ? new Usage(input(), output(), extras()) : null;
    }

    private List<Extra> extras() {
        if (tier != null) {
            rates.putIfAbsent(Kind.SERVICE_TIER, tier);
        }
        List<Extra> extras = new ArrayList<>();
        rates.forEach((kind, name) -> extras.add(new Extra(kind, NameHash.of(name), 1)));
        tools.entrySet().stream()
                .map(tool -> new Extra(Kind.SERVER_TOOL, NameHash.of(tool.getKey()), tool.getValue()))
                .sorted(Comparator.comparingLong(Extra::name))
                .forEach(extras::add);
        return extras;
    }

    private Usage.Input input() {
        long cached = figure("cached");
        long created = figure("written");
        long hour = figure("1h");
        long written = created < 0 ? figure("5m") : Math.max(figure("5m"), Math.max(0, created - Math.max(0, hour)));
        long uncached = figure("input");
        if (uncached >= 0 && (figure("input includes") == 1 || figure("cache within") == 1)) {
            uncached -= Math.max(0, cached) + Math.max(0, written) + Math.max(0, hour);
            uncached = Math.max(0, uncached);
        }
        long audio = figure("audio in");
        return new Usage.Input(uncached, cached, written, hour, uncached >= 0 ? Math.min(audio, uncached) : audio);
    }

    private Usage.Output output() {
        long output = figure("output");
        long reasoning = figure("reasoning");
        long input = figure("input");
        long audio = figure("audio out");
        if (output < 0) {
            return new Usage.Output(-1, reasoning, audio);
        }
        if (input >= 0 && reasoning > 0 && figure("total") == input + output + reasoning) {
            output += reasoning;
        }
        return new Usage.Output(output, Math.min(reasoning, output), Math.min(audio, output));
    }

    boolean ended() {
        return ended;
    }

    private long figure(String word) {
        return figures.getOrDefault(word, -1L);
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

    /** The innermost place comes first: "root", "envelope", "usage", a part of it, or "other". */
    private void document(String text) {
        Deque<String> open = new ArrayDeque<>();
        Map<String, Long> pending = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        String name = null;
        boolean nameNext = false;
        String number = "";
        Map<String, String> pendingRates = new HashMap<>();
        Map<String, String> lastRates = Map.of();
        String tierNow = null;
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
                if (value && RATES.contains(name) && !USUAL_RATES.contains(string)) {
                    if ("usage".equals(open.peek())) {
                        pendingRates.put(name, string);
                    } else if ("service_tier".equals(name)) {
                        tierNow = string;
                    }
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
                        pendingRates.clear();
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
                    if ("usage".equals(open.peek()) && SAID.stream().anyMatch(pending::containsKey)) {
                        last = Map.copyOf(pending);
                        lastRates = Map.copyOf(pendingRates);
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
        tier = tierNow == null || last.isEmpty() ? tier : tierNow;
        lastRates.forEach((member, rate) -> rates.put(Kind.valueOf(member.toUpperCase(Locale.ROOT)), rate));
        last.forEach((word, value) -> {
            if (word.startsWith(TOOL) && value > 0) {
                tools.merge(word.substring(TOOL.length()), value, Math::max);
            }
        });
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
        return parent.equals("usage") ? PARTS.getOrDefault(String.valueOf(name), "other") : "other";
    }

    private static int stringEnd(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, text.length());
    }

    private static void note(Map<String, Long> pending, String place, String name, String number) {
        if (!number.matches("[0-9]+([.][0-9]+)?([eE][-+]?[0-9]{1,9})?") || place == null || name == null) {
            return;
        }
        String word = FIGURES.getOrDefault(place, Map.of()).get(name);
        word = word == null && place.equals("server_tool_use") ? TOOL + name : word;
        BigDecimal value = new BigDecimal(number).stripTrailingZeros();
        if (word != null && value.scale() <= 0 && value.compareTo(MOST) <= 0) {
            put(pending, word, value.longValueExact());
        }
    }

    /**
     * A figure's word says beside it whether the input told includes the cache. The later of two words counts, but for a zero;
     * the same input by both words includes the cache.
     */
    private static void put(Map<String, Long> figures, String word, long value) {
        String figure = word.equals("prompt") ? "input" : word.replace(" within", "");
        long former = figures.getOrDefault(figure, -1L);
        if (value == 0 && former > 0) {
            return;
        }
        if (figure.equals("input")) {
            boolean includes = word.equals("prompt") || former == value && figures.get("input includes") == 1;
            figures.put("input", value);
            figures.put("input includes", includes ? 1L : 0L);
        } else if (word.endsWith(" within")) {
            figures.put(word.replace(" within", ""), value);
            figures.put("cache within", 1L);
        } else {
            figures.put(word, value);
        }
    }

    /** One event of several. Figures of input are the last event's that says most of them; what it does not say is kept. */
    private void commit(Map<String, Long> said) {
        boolean last = says(said) >= says(figures);
        move(said, last, "input", "input includes");
        boolean former = CACHE.stream().anyMatch(figures::containsKey);
        if (CACHE.stream().anyMatch(said::containsKey) && (last || !former)) {
            figures.put("cache within", said.getOrDefault("cache within", 0L));
        }
        move(said, last, "cached");
        move(said, last, "written", "written", "5m", "1h");
        move(said, last, "audio in");
        RUNNING.stream().filter(said::containsKey).forEach(word -> figures.merge(word, said.get(word), Math::max));
    }

    /** Takes {@code words} from what was said last, together, if any is there and it counts or none was before. */
    private void move(Map<String, Long> said, boolean last, String... words) {
        List<String> all = List.of(words);
        if (all.stream().anyMatch(said::containsKey) && (last || all.stream().noneMatch(figures::containsKey))) {
            figures.keySet().removeAll(all);
            all.stream().filter(said::containsKey).forEach(word -> figures.put(word, said.get(word)));
        }
    }

    private static int says(Map<String, Long> figures) {
        boolean cache = CACHE.stream().anyMatch(word -> figures.getOrDefault(word, 0L) > 0);
        return cache ? 2 : figures.getOrDefault("input", 0L) > 0 ? 1 : 0;
    }
}
