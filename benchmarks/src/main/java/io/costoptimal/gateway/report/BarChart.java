package io.costoptimal.gateway.report;

import java.util.ArrayList;
import java.util.List;

/** Horizontal bars in groups, as SVG: a group for each row, a colour for each series. Confined to one thread. */
final class BarChart {

    private static final int LEFT = 250;
    private static final int RIGHT = 150;
    private static final int TOP = 66;
    private static final int BAR = 15;
    private static final int BAR_STEP = 18;
    private static final int GROUP_GAP = 12;
    private static final int TICKS = 5;
    /** Characters that fit to the left of the bars; a longer label stands above them. */
    private static final int LABEL = 34;

    private final String title;
    private final String axis;
    private final List<String> series;
    private final double limit;
    private final List<Group> groups = new ArrayList<>();

    private record Group(String label, List<Double> values, List<String> labels) {

        boolean labelAbove() {
            return label.length() > LABEL;
        }

        int height() {
            return (values.size() + (labelAbove() ? 1 : 0)) * BAR_STEP + GROUP_GAP;
        }
    }

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
        groups.add(new Group(label, values, labels));
    }

    /** The whole drawing. */
    String svg() {
        int bottom = TOP + groups.stream().mapToInt(Group::height).sum();
        Svg svg = new Svg(title, bottom + 44);
        svg.legend(LEFT, series);
        grid(svg, bottom);
        int y = TOP;
        for (Group group : groups) {
            draw(svg, group, y);
            y += group.height();
        }
        return svg.end();
    }

    private void draw(Svg svg, Group group, int top) {
        int y = top;
        if (group.labelAbove()) {
            svg.text(LEFT, y + 11, "start", "row", group.label());
            y += BAR_STEP;
        } else {
            svg.text(LEFT - 10, y + group.values().size() * BAR_STEP / 2 + 2, "end", "row", group.label());
        }
        for (int i = 0; i < group.values().size(); i++, y += BAR_STEP) {
            bar(svg, y, group.values().get(i), group.labels().get(i), Svg.colour(series, i));
        }
    }

    private void bar(Svg svg, int y, double value, String label, String colour) {
        if (Double.isNaN(value)) {
            return;
        }
        double width = Math.max(1, x(Math.min(value, limit)) - LEFT);
        svg.add("<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n", LEFT, y, width, BAR, colour);
        if (value > limit) {
            double cut = LEFT + width - 16;
            svg.add(
                    "<path class=\"cut\" d=\"M%.1f %d l5 %d M%.1f %d l5 %d\"/>%n",
                    cut, y + BAR + 2, -BAR - 4, cut + 5, y + BAR + 2, -BAR - 4);
        }
        svg.text((int) (LEFT + width + 6), y + 12, "start", "value", label);
    }

    private void grid(Svg svg, int bottom) {
        for (int i = 0; i <= TICKS; i++) {
            double value = limit * i / TICKS;
            svg.grid(x(value), TOP - 6, x(value), bottom);
            svg.text((int) x(value), bottom + 14, "middle", "axis", Figure.plain(value));
        }
        svg.text((LEFT + Svg.WIDTH - RIGHT) / 2, bottom + 34, "middle", "axis", axis);
    }

    private double x(double value) {
        return LEFT + (Svg.WIDTH - LEFT - RIGHT) * value / limit;
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
}
