package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.metrics.Attempts;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/** The providers of the configuration in force, and how they fare. Shows no credential, and no name of one. Any thread. */
final class ProviderList {

    private final Supplier<Collection<Provider>> providers;
    private final Health health;

    /**
     * What is known of providers by their ids.
     *
     * @param attempts how often each was asked
     * @param failing whether one fails at present
     */
    record Health(Function<String, Attempts> attempts, Predicate<String> failing) {}

    ProviderList(Supplier<Collection<Provider>> providers, Health health) {
        this.providers = providers;
        this.health = health;
    }

    Route route() {
        return Route.get("/providers", Kind.QUICK, this::answer);
    }

    private Answer answer(Request request) throws Refused {
        Parameters.of(request, List.of());
        return Json.list(json -> providers.get().forEach(provider -> write(json, provider)));
    }

    private void write(JsonGenerator json, Provider provider) {
        Attempts attempts = health.attempts().apply(provider.id());
        Location location = provider.location();
        json.writeStartObject();
        json.writeStringProperty("id", provider.id());
        json.writeStringProperty("type", provider.kind().word());
        json.writeStringProperty("host", location.authority());
        json.writeBooleanProperty("tls", location.secure());
        json.writeBooleanProperty("by_proxy", location.proxy() != null);
        json.writeStringProperty(
                "credential",
                provider.access().clientsOwn()
                        ? "client"
                        : provider.access().credential() == null ? "none" : "gateway");
        json.writeNumberProperty("attempts", attempts.all());
        json.writeNumberProperty("failures", attempts.failures());
        json.writeNumberProperty("abandoned", attempts.abandoned());
        json.writeBooleanProperty("failing", health.failing().test(provider.id()));
        json.writeEndObject();
    }
}
