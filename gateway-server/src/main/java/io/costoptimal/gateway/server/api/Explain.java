package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.JsonObject;
import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.explain.Explanation;
import io.costoptimal.gateway.server.explain.ExplanationWriter;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Where a request would go and why, by the configuration in force, without sending it. Any thread. */
final class Explain {

    /** A caller that no key restricts, and whose name no rule knows. */
    private static final Principal ANYBODY = new Principal("", Principal.Role.CLIENT);

    private final Supplier<GatewayConfig> config;
    private final Supplier<Snapshot> snapshot;

    /**
     * @param config in force
     * @param snapshot that the engine made of it
     */
    Explain(Supplier<GatewayConfig> config, Supplier<Snapshot> snapshot) {
        this.config = config;
        this.snapshot = snapshot;
    }

    Route route() {
        return Route.post("/explain", Kind.QUERY, this::answer);
    }

    private Answer answer(Request request) throws Refused {
        JsonObject asked = JsonObject.parse(request.body(), "path", "body", "headers", "key");
        GatewayConfig loaded = config.get();
        String path = asked.text("path");
        if (path == null) {
            throw Refused.parameter("path", "nothing", "a path such as /v1/chat/completions");
        }
        byte[] body = body(asked);
        HttpRequest explained = request(path, asked.texts("headers"), body.length);
        Principal caller = caller(loaded, asked.text("key"));
        try (Explanation explanation =
                Explanation.of(snapshot.get(), loaded.engine().limits().body(), explained, body, caller)) {
            String text = ExplanationWriter.write(explanation, loaded.routing());
            return Answer.json((text + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** An object is taken byte for byte as it was sent; a text is for bodies that are no JSON object. */
    private static byte[] body(JsonObject asked) throws Refused {
        byte[] raw = asked.raw("body");
        if (raw == null) {
            throw Refused.parameter("body", "nothing", "the body of a request, as an object or as a text");
        }
        return raw[0] == '"' ? asked.text("body").getBytes(StandardCharsets.UTF_8) : raw;
    }

    private static HttpRequest request(String path, Map<String, String> headers, int length) throws Refused {
        HttpRequest request;
        try {
            request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path);
        } catch (IllegalArgumentException e) {
            throw Refused.parameter("path", path, "a path as it is sent, without blanks");
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            try {
                request.headers().add(header.getKey(), header.getValue());
            } catch (IllegalArgumentException e) {
                throw Refused.parameter("headers", header.getKey(), "a header as it is sent");
            }
        }
        request.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        return request;
    }

    private static Principal caller(GatewayConfig config, String key) throws Refused {
        if (key == null) {
            return ANYBODY;
        }
        return config.keys().stream()
                .map(KeyEntry::owner)
                .filter(owner -> owner.name().equals(key))
                .findFirst()
                .orElseThrow(() -> Refused.parameter(
                        "key",
                        key,
                        "one of "
                                + config.keys().stream()
                                        .map(entry -> entry.owner().name())
                                        .collect(Collectors.joining(", "))));
    }
}
