package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.route.ModelRoutes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code models} alone, as somebody proposes it for the rest of a configuration. Stateless. */
public final class ModelsText {

    private ModelsText() {}

    /**
     * Reads and checks a list that could stand behind {@code models}; blocks, and so belongs on no event loop.
     *
     * @param list in JSON, which is YAML too
     * @param config whose providers it names
     * @throws ConfigException with every problem the list has
     */
    public static List<ModelRoutes> parse(byte[] list, GatewayConfig config) throws ConfigException {
        String text = "models: " + new String(list, StandardCharsets.UTF_8);
        Problems problems = new Problems("models");
        Node root = Yaml.compose(text, problems).orElse(null);
        problems.throwIfAny();
        Reading reading = new Reading(new SourceText(text), Map.of(), Path.of("."), problems);
        Section section = new Section("", (MappingNode) root, new Form.MapOf(Format.FILE), reading);
        boolean fallback = config.routing().table().defaultProvider() != null;
        PriceNotes notes = new PriceNotes();
        List<ModelRoutes> models = List.copyOf(new RouteReader(config.routing().providers(), fallback, notes)
                .read(section)
                .values());
        notes.candidates().stream()
                .map(PriceNotes.Noted::priceAs)
                .filter(Objects::nonNull)
                .forEach(value -> value.problem("price_as: not here (expected: the prices that are in force)"));
        problems.throwIfAny();
        return models;
    }
}
