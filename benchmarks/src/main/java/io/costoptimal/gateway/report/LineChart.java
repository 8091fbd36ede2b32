package io.costoptimal.gateway.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Lines over a common axis, as SVG: a colour for each line, a mark where something was measured. Confined to one thread. */
final class LineChart {

    private static final int LEFT = 90;
    private static final int RIGHT = 40;
    private static final int TOP = 66;
    private static final int BOTTOM = 366;

    private final String title;
    private final String xAxis;
    private final String yAxis;
    private final boolean mayBeLog;
    private final Map<String, List<Point>> lines = new LinkedHashMap<>();

    /** One measurement. */
    record Point(double x, double y) {}

    /** @param mayBeLog whether values far apart are better drawn as factors than as amounts */
    LineChart(String title, String xAxis, String yAxis, boolean mayBeLog) {
        this.title = title;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
        this.mayBeLog = mayBeLog;
    }

    /** A line through {@code points}; those without a value are left out. */
    void line(String name, List<Point> points) {
        lines.put(
                name,
                points.stream().filter(point -> Double.isFinite(point.y())).toList());
    }

    /** The whole drawing. */
    String svg() {
        List<Point> all = lines.values().stream().flatMap(List::stream).toList();
        Axis x = Axis.linear(all.stream().map(Point::x).toList());
        List<Double> values = all.stream().map(Point::y).toList();
        Axis y = mayBeLog ? Axis.logIfWide(values) : Axis.linear(values);
        Svg svg = new Svg(title, BOTTOM + 44);
        List<String> names = List.copyOf(lines.keySet());
        svg.legend(LEFT, names);
        grid(svg, x, y);
        for (int i = 0; i < names.size(); i++) {
            draw(svg, lines.get(names.get(i)), Svg.colour(names, i), x, y);
        }
        return svg.end();
    }

    private void grid(Svg svg, Axis x, Axis y) {
        for (double tick : x.ticks()) {
            svg.grid(px(x, tick), TOP, px(x, tick), BOTTOM);
            svg.text((int) px(x, tick), BOTTOM + 16, "middle", "axis", Figure.plain(tick));
        }
        for (double tick : y.ticks()) {
            svg.grid(LEFT, py(y, tick), Svg.WIDTH - RIGHT, py(y, tick));
            svg.text(LEFT - 8, (int) py(y, tick) + 4, "end", "axis", Figure.plain(tick));
        }
        svg.text((LEFT + Svg.WIDTH - RIGHT) / 2, BOTTOM + 36, "middle", "axis", xAxis);
        int middle = (TOP + BOTTOM) / 2;
        svg.add("<g transform=\"rotate(-90 24 %d)\">%n", middle);
        svg.text(24, middle, "middle", "axis", yAxis + (y.log() ? ", equal steps are equal factors" : ""));
        svg.add("</g>%n");
    }

    private static void draw(Svg svg, List<Point> points, String colour, Axis x, Axis y) {
        svg.add(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n",
                colour,
                points.stream()
                        .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", px(x, point.x()), py(y, point.y())))
                        .collect(Collectors.joining(" ")));
        for (Point point : points) {
            svg.add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n",
                    px(x, point.x()), py(y, point.y()), colour);
        }
    }

    private static double px(Axis axis, double value) {
        return LEFT + (Svg.WIDTH - LEFT - RIGHT) * axis.at(value);
    }

    private static double py(Axis axis, double value) {
        return BOTTOM - (BOTTOM - TOP) * axis.at(value);
    }
}
