package io.costoptimal.gateway.server.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scrape read strictly: Prometheus' text format 0.0.4, or OpenMetrics 1.0. What the formats allow and nobody should write
 * is refused too: an empty label value, a family without help, a family in two places.
 */
final class ScrapeText {

    private static final String NAME = "[a-z_][a-z0-9_]*";
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("(" + NAME + ")=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])+)\"(?:,(?!$)|$)");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE|UNIT) (" + NAME + ") (.+)");
    private static final Map<String, Set<String>> SUFFIXES = Map.of(
            "counter", Set.of("_total", "_created"),
            "gauge", Set.of(""),
            "info", Set.of("_info"),
            "unknown", Set.of(""),
            "histogram", Set.of("_bucket", "_sum", "_count", "_created"),
            "summary", Set.of("", "_sum", "_count", "_created"));

    private final boolean openMetrics;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Map<String, Double> samples = new LinkedHashMap<>();

    /** A metric with all its series. */
    static final class Family {

        private final String name;
        private String type;
        private String help;
        private String unit;
        private boolean over;

        /** Names of the labels that its series have, {@code le} and {@code quantile} aside; each series has them all. */
        private Set<String> labels;

        /** Per series without {@code le}: the buckets, and the count beside them. */
        private final Map<String, TreeMap<Double, Double>> buckets = new HashMap<>();

        private final Map<String, Double> counts = new HashMap<>();

        private Family(String name) {
            this.name = name;
        }

        String type() {
            return type;
        }

        String unit() {
            return unit;
        }

        Set<String> labels() {
            return labels;
        }
    }

    private ScrapeText(boolean openMetrics) {
        this.openMetrics = openMetrics;
    }

    static ScrapeText prometheus(String text) {
        return new ScrapeText(false).read(text);
    }

    static ScrapeText openMetrics(String text) {
        return new ScrapeText(true).read(text);
    }

    /** By name as the format writes it: a counter's has {@code _total} in Prometheus' and not in OpenMetrics. */
    Map<String, Family> families() {
        return families;
    }

    /** Values by series, labels in alphabetical order as the exposition has them: {@code name{a="b",c="d"}}. */
    Map<String, Double> samples() {
        return samples;
    }

    private ScrapeText read(String text) {
        require(text.endsWith("\n"), "last line has an end", text);
        List<String> lines = new ArrayList<>(List.of(text.split("\n")));
        if (openMetrics) {
            require(lines.remove(lines.size() - 1).equals("# EOF"), "ends with # EOF", text);
        }
        Family last = null;
        for (String line : lines) {
            Family family = line.startsWith("#") ? comment(line) : sample(line);
            require(!family.over, "a family is in one place", line);
            if (last != null && last != family) {
                last.over = true;
            }
            last = family;
        }
        families.values().forEach(this::check);
        return this;
    }

    private Family comment(String line) {
        Matcher comment = COMMENT.matcher(line);
        require(comment.matches(), "a comment is HELP, TYPE or UNIT", line);
        Family family = families.computeIfAbsent(comment.group(2), Family::new);
        require(family.labels == null, "comments stand before samples", line);
        switch (comment.group(1)) {
            case "HELP" -> {
                require(family.help == null, "one HELP", line);
                family.help = comment.group(3);
            }
            case "TYPE" -> {
                require(family.type == null, "one TYPE", line);
                require(SUFFIXES.containsKey(comment.group(3)), "a type that exists", line);
                family.type = comment.group(3);
            }
            default -> {
                require(openMetrics, "UNIT is OpenMetrics'", line);
                require(family.name.endsWith("_" + comment.group(3)), "the unit ends the name", line);
                family.unit = comment.group(3);
            }
        }
        return family;
    }

    private Family sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), "name, labels, value", line);
        Family family = family(sample.group(1), line);
        require(family.help != null && family.type != null, "HELP and TYPE stand before samples", line);
        double value = value(sample.group(3), line);
        Map<String, String> labels = labels(sample.group(2), line);
        String series = sample.group(1) + (sample.group(2) == null ? "" : "{" + sample.group(2) + "}");
        require(samples.put(series, value) == null, "each series once", line);
        String bound = labels.remove("le");
        labels.remove("quantile");
        require(family.labels == null || family.labels.equals(labels.keySet()), "the same labels everywhere", line);
        family.labels = new HashSet<>(labels.keySet());
        if (family.type.equals("histogram")) {
            require((bound != null) == sample.group(1).endsWith("_bucket"), "buckets and nothing else have le", line);
            if (bound != null) {
                require(
                        family.buckets
                                        .computeIfAbsent(labels.toString(), key -> new TreeMap<>())
                                        .put(value(bound, line), value)
                                == null,
                        "each bucket once",
                        line);
            } else if (sample.group(1).endsWith("_count")) {
                family.counts.put(labels.toString(), value);
            }
        }
        if (family.type.equals("counter")) {
            require(value >= 0, "a counter is not negative", line);
        }
        return family;
    }

    /** Prometheus' text names a counter with its suffix, OpenMetrics the family without. */
    private Family family(String sample, String line) {
        for (Family family : families.values()) {
            if (!openMetrics && family.name.equals(sample) && !family.type.equals("histogram")) {
                return family;
            }
            if (sample.startsWith(family.name)
                    && SUFFIXES.get(family.type).contains(sample.substring(family.name.length()))) {
                return family;
            }
        }
        throw new AssertionError("a sample belongs to a family: " + line);
    }

    private static Map<String, String> labels(String text, String line) {
        Map<String, String> labels = new TreeMap<>();
        if (text == null) {
            return labels;
        }
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            require(label.find(at) && label.start() == at, "label=\"value\", not empty", line);
            require(labels.put(label.group(1), label.group(2)) == null, "each label once", line);
            at = label.end();
        }
        return labels;
    }

    private static double value(String text, String line) {
        try {
            return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new AssertionError("a number: " + line, e);
        }
    }

    private void check(Family family) {
        require(family.help != null && family.type != null, "HELP and TYPE", family.name);
        if (family.type.equals("counter")) {
            require(family.name.endsWith("_total") != openMetrics, "a counter's name", family.name);
        }
        family.buckets.forEach((series, buckets) -> {
            double below = 0;
            for (double count : buckets.values()) {
                require(count >= below, "buckets are cumulative", family.name + series);
                below = count;
            }
            require(buckets.lastKey() == Double.POSITIVE_INFINITY, "a last bucket +Inf", family.name + series);
            require(below == family.counts.get(series), "+Inf is the count", family.name + series);
        });
    }

    private static void require(boolean holds, String rule, String where) {
        if (!holds) {
            throw new AssertionError(rule + ": " + where);
        }
    }
}
