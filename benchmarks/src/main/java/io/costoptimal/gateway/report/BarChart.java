package io.costoptimal.gateway.report;

import java.util.List;
import java.util.Locale;

/**
 * Horizontal bars in groups, as SVG: a group for each row, a colour for each series. Brings its own background, light or dark
 * as the reader's system is, since the page around it may be either. Confined to one thread.
 */
final class BarChart {

    private static final int WIDTH = 820;
    private static final int LEFT = 250;
    private static final int RIGHT = 150;
    private static final int TOP = 66;
    private static final int BAR = 15;
    private static final int BAR_STEP = 18;
    private static final int GROUP_GAP = 12;
    private static final int TICKS = 5;
    /** Characters that fit to the left of the bars; a longer label stands above them. */
    private static final int LABEL = 34;

    private static final String OURS = "#2f7fd6";
    private static final String[] THEIRS = {"#c98a1b", "#8a63c9", "#3f9b6a", "#c2566e"};

    private final String title;
    private final String axis;
    private final List<String> series;
    private final double limit;
    private final StringBuilder groups = new StringBuilder();
    private int y = TOP;

    /**
     * @param axis what a bar's length means
     * @param series names, each with its colour
     * @param limit where the axis ends; longer bars are cut there, and show it
     */
    BarChart(String title, String axis, List<String> series, double limit) {
        this.title = title;
        this.axis = axis;
        this.series = series;
        this.limit = round(limit);
    }

    /** A group of bars: a value and a label for each series; NaN where there is none. */
    void group(String label, List<Double> values, List<String> labels) {
        if (label.length() > LABEL) {
            text(groups, LEFT, y + 11, "start", "row", label);
            y += BAR_STEP;
        } else {
            text(groups, LEFT - 10, y + values.size() * BAR_STEP / 2 + 2, "end", "row", label);
        }
        for (int i = 0; i < values.size(); i++) {
            bar(values.get(i), labels.get(i), colour(i));
        }
        y += GROUP_GAP;
    }

    private String colour(int i) {
        int ours = series.indexOf("gateway");
        return i == ours || series.size() == 1 ? OURS : THEIRS[(ours >= 0 && i > ours ? i - 1 : i) % THEIRS.length];
    }

    private void bar(double value, String label, String colour) {
        if (!Double.isNaN(value)) {
            double width = Math.max(1, x(Math.min(value, limit)) - LEFT);
            groups.append(format(
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    LEFT, y, width, BAR, colour));
            if (value > limit) {
                double cut = LEFT + width - 16;
                groups.append(format(
                        "<path class=\"cut\" d=\"M%.1f %d l5 %d M%.1f %d l5 %d\"/>%n",
                        cut, y + BAR + 2, -BAR - 4, cut + 5, y + BAR + 2, -BAR - 4));
            }
            text(groups, (int) (LEFT + width + 6), y + 12, "start", "value", label);
        }
        y += BAR_STEP;
    }

    /** The whole drawing. */
    String svg() {
        int bottom = y;
        StringBuilder out = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                        + " aria-label=\"%s\">%n",
                WIDTH, bottom + 44, WIDTH, bottom + 44, escaped(title)));
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
        text(out, 16, 22, "start", "title", title);
        legend(out);
        grid(out, bottom);
        return out.append(groups).append("</svg>\n").toString();
    }

    private void legend(StringBuilder out) {
        int x = LEFT;
        for (int i = 0; series.size() > 1 && i < series.size(); i++) {
            out.append(format("<rect x=\"%d\" y=\"36\" width=\"12\" height=\"12\" fill=\"%s\"/>%n", x, colour(i)));
            text(out, x + 17, 46, "start", "value", series.get(i));
            x += 42 + 7 * series.get(i).length();
        }
    }

    private void grid(StringBuilder out, int bottom) {
        for (int i = 0; i <= TICKS; i++) {
            double value = limit * i / TICKS;
            out.append(format(
                    "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
                    x(value), TOP - 6, x(value), bottom));
            text(out, (int) x(value), bottom + 14, "middle", "axis", Figure.plain(value));
        }
        text(out, (LEFT + WIDTH - RIGHT) / 2, bottom + 34, "middle", "axis", axis);
    }

    private double x(double value) {
        return LEFT + (WIDTH - LEFT - RIGHT) * value / limit;
    }

    /** The next number up that five ticks divide well. */
    private static double round(double limit) {
        double step = Math.pow(10, Math.floor(Math.log10(limit)));
        for (double factor : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 7.5}) {
            if (limit <= factor * step) {
                return factor * step;
            }
        }
        return 10 * step;
    }

    private static void text(StringBuilder out, int x, int y, String anchor, String style, String text) {
        out.append(format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" class=\"%s\">%s</text>%n",
                x, y, anchor, style, escaped(text)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
    }
}
