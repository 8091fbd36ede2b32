package io.costoptimal.gateway.report;

import java.util.List;
import java.util.Locale;

/**
 * A drawing with a title and a legend. Brings its own background, light or dark as the reader's system is, since the page
 * around it may be either. Confined to one thread.
 */
final class Svg {

    static final int WIDTH = 820;

    private static final String GATEWAY = "gateway";
    private static final String DIRECT = "direct";
    private static final String NOBODYS = "#8c959f";
    private static final String OURS = "#2f7fd6";
    private static final String[] THEIRS = {"#c98a1b", "#8a63c9", "#3f9b6a", "#c2566e"};

    private final StringBuilder out = new StringBuilder();

    /** Begins a drawing {@code height} high. */
    Svg(String title, int height) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-label=\"%s\">%n",
                WIDTH, height, WIDTH, height, escaped(title));
        out.append("""
                <style>
                  .page { fill: #ffffff; }
                  text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #24292f; }
                  .title { font-size: 15px; font-weight: 600; }
                  .value { font-size: 11px; }
                  .axis { font-size: 11px; fill: #6e7781; }
                  .grid { stroke: #8c959f; stroke-opacity: .35; }
                  .cut { stroke: #ffffff; stroke-width: 2; }
                  @media (prefers-color-scheme: dark) {
                    .page { fill: #0d1117; }
                    text { fill: #e6edf3; }
                    .axis { fill: #9198a1; }
                    .cut { stroke: #0d1117; }
                  }
                </style>
                """);
        out.append("<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n");
        text(16, 22, "start", "title", title);
    }

    /** What stands for what, from {@code x} on; nothing for one series alone. */
    void legend(int x, List<String> series) {
        int at = x;
        for (int i = 0; series.size() > 1 && i < series.size(); i++) {
            add("<rect x=\"%d\" y=\"36\" width=\"12\" height=\"12\" fill=\"%s\"/>%n", at, colour(series, i));
            text(at + 17, 46, "start", "value", series.get(i));
            at += 42 + 7 * series.get(i).length();
        }
    }

    /** The gateway has the same colour in every drawing, and others have theirs whether or not "direct" is among them. */
    static String colour(List<String> series, int i) {
        String name = series.get(i);
        if (name.equals(GATEWAY) || series.size() == 1) {
            return OURS;
        }
        int before = (int) series.subList(0, i).stream()
                .filter(other -> !other.equals(GATEWAY) && !other.equals(DIRECT))
                .count();
        return name.equals(DIRECT) ? NOBODYS : THEIRS[before % THEIRS.length];
    }

    void grid(double x1, double y1, double x2, double y2) {
        add("<line class=\"grid\" x1=\"%.1f\" y1=\"%.0f\" x2=\"%.1f\" y2=\"%.0f\"/>%n", x1, y1, x2, y2);
    }

    void text(int x, int y, String anchor, String style, String text) {
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\">%s</text>%n", x, y, anchor, style, escaped(text));
    }

    /** Adds an element. */
    void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
    }

    /** The whole drawing. Once. */
    String end() {
        return out.append("</svg>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
