package io.costoptimal.gateway.server.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * One scrape as text.
 *
 * @param contentType of {@code text}
 * @param text in UTF-8
 */
public record Exposition(String contentType, byte[] text) {

    private static final ExpositionFormats FORMATS = ExpositionFormats.init();
    private static final ExpositionFormatWriter OPEN_METRICS = FORMATS.getOpenMetricsTextFormatWriter();
    /** To look for threads that wait for each other stops all of them, event loops too, and twice: not at each scrape. */
    private static final String STOPS_EVERY_THREAD = "jvm_threads_deadlocked";

    private static final ExpositionFormatWriter PROMETHEUS = FORMATS.getPrometheusTextFormatWriter();

    /**
     * Reads all metrics of {@code registry}.
     *
     * @param accept the request's Accept field; OpenMetrics if it names that, else Prometheus' older text, and so for
     *     {@code null}. Nothing here writes Protobuf, which Prometheus names first when it wants native histograms.
     */
    public static Exposition of(PrometheusRegistry registry, String accept) throws IOException {
        ExpositionFormatWriter writer = OPEN_METRICS.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
        ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 1024);
        writer.write(out, registry.scrape(name -> !name.startsWith(STOPS_EVERY_THREAD)));
        return new Exposition(writer.getContentType(), out.toByteArray());
    }
}
