package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Decides where a provider finds the model's name, in the path or in the body. Stateless.
 *
 * <p>Here one invariant of the whole engine is kept: <b>the model that was authorised, routed, logged and sent is one
 * name</b>, and a request that cannot be made so was refused before. Every rewrite of a request for a provider asks this
 * class and carries out what it says; nothing else puts a model's name into a request. The name is always
 * {@link Exchange#nameFor}:
 *
 * <table>
 * <caption>What becomes of the name</caption>
 * <tr><th>the body has</th><th>the provider's path names the model</th><th>it does not</th></tr>
 * <tr><td>that name</td><td>path; body as it came</td><td>body as it came</td></tr>
 * <tr><td>another name, or {@code null}</td><td>path; replaced in the body</td><td>replaced in the body</td></tr>
 * <tr><td>no name</td><td>path; body as it came</td><td>inserted into the body</td></tr>
 * </table>
 *
 * <p>Another name stands in a body when an alias or a candidate renames the model, or when the client's own path (Azure's
 * form) names the deployment and its SDK puts a placeholder into the body.
 */
public final class ModelPlacement {

    private static final String MEMBER = "\"model\":\"";

    private ModelPlacement() {}

    /**
     * What is to replace the bytes of {@link ModelField} in the body.
     *
     * @param exchange inspected
     * @return {@code null} when the body goes out as it came
     */
    public static byte[] inBody(Exchange exchange, Candidate candidate) {
        ModelField field = exchange.facts().model();
        String name = exchange.nameFor(candidate);
        if (name == null || name.equals(field.name())) {
            return null;
        }
        return switch (field.place()) {
            case VALUE -> bytes('"', name, "\"");
            case BEFORE_MEMBERS -> isInPath(exchange, candidate) ? null : bytes(MEMBER, name, "\",");
            case ONLY_MEMBER -> isInPath(exchange, candidate) ? null : bytes(MEMBER, name, "\"");
        };
    }

    /** What goes between the halves of a path that names the model. */
    static String inPath(Exchange exchange, Candidate candidate) {
        return ProviderPath.encode(exchange.nameFor(candidate));
    }

    private static boolean isInPath(Exchange exchange, Candidate candidate) {
        return ProviderHead.of(candidate.provider()).after(exchange.target().endpoint()) != null;
    }

    /** {@code name} as the text of a JSON string (RFC 8259 section 7), between two others. */
    private static byte[] bytes(Object before, String name, String after) {
        String text = before + new String(JsonStringEncoder.getInstance().quoteAsCharArray(name)) + after;
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
