package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What this process answers itself: probes here, model lists by the service given. Any thread. */
final class LocalAnswers implements LocalService {

    private static final String TEXT = "text/plain; charset=utf-8";

    static final LocalAnswer ABOUT =
            text(200, "Cost-Optimal Gateway: speaks the OpenAI and Anthropic APIs under /v1, with a gateway key.\n");
    static final LocalAnswer OK = text(200, "ok");
    static final LocalAnswer READY = text(200, "ready");
    static final LocalAnswer DRAINING = text(503, "draining");

    private final Map<Operation, LocalService> own;
    private final LocalService models;

    LocalAnswers(LocalService models, BooleanSupplier draining) {
        this.models = models;
        own = Map.of(
                StandardOperations.ROOT, exchange -> ABOUT,
                StandardOperations.HEALTH, exchange -> OK,
                StandardOperations.READY, exchange -> ready(draining));
    }

    @Override
    public LocalAnswer answer(ExchangeReport exchange) {
        return own.getOrDefault(exchange.target().operation(), models).answer(exchange);
    }

    static LocalAnswer ready(BooleanSupplier draining) {
        return draining.getAsBoolean() ? DRAINING : READY;
    }

    private static LocalAnswer text(int status, String body) {
        return new LocalAnswer(status, TEXT, body.getBytes(StandardCharsets.US_ASCII));
    }
}
