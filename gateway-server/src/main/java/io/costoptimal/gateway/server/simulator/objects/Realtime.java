package io.costoptimal.gateway.server.simulator.objects;

import java.util.Map;

/** Credentials for realtime sessions. */
final class Realtime implements Family {

    @Override
    public void addTo(Rows rows) {
        rows.on("POST", "realtime/client_secrets", call -> {
            Map<String, Object> session = Shape.of(
                    "id",
                    Shape.id("sess_"),
                    "object",
                    "realtime.session",
                    "type",
                    "realtime",
                    "expires_at",
                    0,
                    "client_secret",
                    Shape.of("expires_at", Shape.CREATED + 600, "value", Shape.id("ek_")));
            if (call.json().get("session") instanceof Map<?, ?> asked) {
                asked.forEach((name, value) -> session.put((String) name, value));
            }
            return Given.json(
                    Shape.of("value", Shape.id("ek_"), "expires_at", Shape.CREATED + 600, "session", session));
        });
    }
}
