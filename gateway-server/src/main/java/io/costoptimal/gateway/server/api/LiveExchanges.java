package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.ledger.RowText;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import tools.jackson.core.JsonGenerator;

/** Requests that are on their way at this moment, the oldest first. Any thread. */
final class LiveExchanges {

    /** Shown at most; whoever runs more looks at metrics. */
    private static final int MOST = 1_000;

    private static final long PATIENCE_SECONDS = 5;

    private final Gateway gateway;
    private final LongSupplier now;

    /** @param now in milliseconds since 1970 */
    LiveExchanges(Gateway gateway, LongSupplier now) {
        this.gateway = gateway;
        this.now = now;
    }

    /** What is copied of an exchange on its event loop. */
    private record Seen(String id, long started, Names names, boolean stream, Progress progress) {

        private record Names(String key, String model, String provider) {}

        private record Progress(String phase, int attempts, long requestBytes, long responseBytes) {}

        static Seen of(ExchangeReport exchange) {
            return new Seen(
                    exchange.id(),
                    exchange.startedMillis(),
                    new Names(
                            exchange.principal() == null
                                    ? null
                                    : exchange.principal().name(),
                            exchange.modelAsked(),
                            exchange.candidate() == null
                                    ? null
                                    : exchange.candidate().provider().id()),
                    exchange.facts() != null && exchange.facts().stream(),
                    new Progress(
                            phase(exchange), exchange.attempts(), exchange.requestBytes(), exchange.responseBytes()));
        }

        private static String phase(ExchangeReport exchange) {
            if (exchange.status() != 0) {
                return "answering";
            }
            if (exchange.candidate() != null) {
                return "attempting";
            }
            return exchange.facts() == null ? "arriving" : "routing";
        }
    }

    Route route() {
        return Route.get("/live", Kind.QUICK, this::answer);
    }

    private Answer answer(Request request) throws Refused, InterruptedException, ExecutionException {
        Parameters.of(request, List.of());
        List<Seen> all;
        try {
            all = gateway.running(Seen::of).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw Refused.busy("busy", "The event loops did not find the time to look.");
        }
        long moment = now.getAsLong();
        return Json.object(json -> {
            json.writeArrayPropertyStart("data");
            all.stream()
                    .sorted(Comparator.comparingLong(Seen::started))
                    .limit(MOST)
                    .forEach(seen -> write(json, seen, moment));
            json.writeEndArray();
            json.writeNumberProperty("total", all.size());
        });
    }

    private static void write(JsonGenerator json, Seen seen, long moment) {
        json.writeStartObject();
        json.writeStringProperty("request_id", seen.id);
        json.writeStringProperty("started_at", RowText.time(seen.started));
        json.writeNumberProperty("age_ms", Math.max(0, moment - seen.started));
        json.writeStringProperty("key", seen.names.key);
        json.writeStringProperty("model", seen.names.model);
        json.writeStringProperty("provider", seen.names.provider);
        json.writeBooleanProperty("stream", seen.stream);
        json.writeStringProperty("phase", seen.progress.phase);
        json.writeNumberProperty("attempt", seen.progress.attempts);
        json.writeNumberProperty("request_bytes", seen.progress.requestBytes);
        json.writeNumberProperty("response_bytes", seen.progress.responseBytes);
        json.writeEndObject();
    }
}
