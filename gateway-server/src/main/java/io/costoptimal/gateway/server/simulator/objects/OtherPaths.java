package io.costoptimal.gateway.server.simulator.objects;

import java.util.List;

/**
 * Paths of the public APIs that a gateway only passes on: what administers an account, and what is in beta. Every method
 * is answered by one object that a client can read as a thing, as a list and as a deletion.
 */
final class OtherPaths implements Family {

    private static final List<String> ROOTS = List.of(
            "organization",
            "organizations",
            "projects",
            "assistants",
            "threads",
            "chatkit",
            "skills",
            "agents",
            "environments",
            "sessions",
            "deployments",
            "deployment_runs",
            "vaults",
            "memory_stores",
            "dreams",
            "tunnels",
            "compliance",
            "user_profiles",
            "realtime",
            "live",
            "safety",
            "decisions",
            "audio/voices",
            "audio/voice_consents",
            "webhook_endpoints",
            "webhook_event_types",
            "content_provenance_checks");

    @Override
    public void addTo(Rows rows) {
        for (String root : ROOTS) {
            rows.on("*", root + "/*", OtherPaths::answer);
            rows.on("*", root, OtherPaths::answer);
        }
    }

    private static Given answer(Call call) {
        return Given.json(Shape.of(
                "id",
                call.path().get(call.path().size() - 1),
                "object",
                "simulated",
                "type",
                "simulated",
                "deleted",
                true,
                "data",
                List.of(),
                "has_more",
                false,
                "next_page",
                null));
    }
}
