package io.costoptimal.gateway.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The gateway's metrics at one moment, by name and labels as they are written. Immutable. */
record Scrape(Map<String, Double> values) {

    static Scrape of(int adminPort) throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + adminPort + "/metrics").toURL().openStream()) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static Scrape parse(String text) {
        Map<String, Double> values = new LinkedHashMap<>();
        text.lines().filter(line -> !line.startsWith("#") && line.contains(" ")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            values.put(
                    line.substring(0, space),
                    Double.valueOf(line.substring(space + 1).replace("+Inf", "Infinity")));
        });
        return new Scrape(values);
    }

    /** NaN when there is none of this name. */
    double value(String name) {
        return values.getOrDefault(name, Double.NaN);
    }

    /** The sum of {@code name} over all its labels; 0 when there is none of this name. */
    double sum(String name) {
        return values.entrySet().stream()
                .filter(series ->
                        series.getKey().equals(name) || series.getKey().startsWith(name + "{"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /**
     * What {@code quantile} of the observations since {@code before} did not exceed: the bound of a bucket of
     * {@code histogram}, which has no labels. NaN without observations.
     */
    double bound(Scrape before, String histogram, double quantile) {
        String bucket = histogram + "_bucket{le=\"";
        double wanted = quantile * since(before, histogram + "_count");
        for (String name : values.keySet()) {
            if (wanted > 0 && name.startsWith(bucket) && since(before, name) >= wanted) {
                String bound = name.substring(bucket.length(), name.indexOf('"', bucket.length()));
                return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
            }
        }
        return Double.NaN;
    }

    private double since(Scrape before, String name) {
        return value(name) - before.values.getOrDefault(name, 0.0);
    }
}
