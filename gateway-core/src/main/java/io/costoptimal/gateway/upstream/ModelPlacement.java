package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.BodyEdit;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.http.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
 * form) names the deployment and its SDK puts a placeholder into the body. In a form, the part {@code model} is what the
 * member is in JSON; into a body that nobody looks into, no name is put.
 */
public final class ModelPlacement {

    private static final String MEMBER = "\"model\":";
    private static final String PART = "Content-Disposition: form-data; name=\"model\"\r\n\r\n";

    private ModelPlacement() {}

    /**
     * The edits by which the body names the model as {@code candidate} is to get it.
     *
     * @param exchange one without a body needs none
     * @return none when the body goes out as it came
     */
    public static List<BodyEdit> inBody(Exchange exchange, Candidate candidate) {
        RequestFacts facts = exchange.facts();
        String name = facts == null ? null : exchange.nameFor(candidate);
        if (name == null || name.equals(facts.model().name())) {
            return List.of();
        }
        ModelField field = facts.model();
        return switch (field.place()) {
            case VALUE -> edit(field, "", name, "");
            case BEFORE_MEMBERS -> isInPath(exchange, candidate) ? List.of() : edit(field, MEMBER, name, ",");
            case ONLY_MEMBER -> isInPath(exchange, candidate) ? List.of() : edit(field, MEMBER, name, "");
            case FORM_VALUE -> formEdit(field, "", name, "");
            case FORM_PART -> formEdit(field, PART, name, "");
            case BEFORE_PARTS ->
                isInPath(exchange, candidate)
                        ? List.of()
                        : formEdit(field, "--" + exchange.passing().boundary() + "\r\n" + PART, name, "\r\n");
            case NOWHERE -> List.of();
        };
    }

    /** Puts {@code name} into a form as the value of a part, between two other texts. */
    private static List<BodyEdit> formEdit(ModelField field, String before, String name, String after) {
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("model: holds a control character");
        }
        byte[] bytes = (before + name + after).getBytes(StandardCharsets.UTF_8);
        return List.of(new BodyEdit(field.start(), field.end(), bytes));
    }

    /** What goes between the halves of a path that names the model. */
    static String inPath(Exchange exchange, Candidate candidate) {
        return ProviderPath.encode(exchange.nameFor(candidate));
    }

    private static boolean isInPath(Exchange exchange, Candidate candidate) {
        return ProviderHead.of(candidate.provider())
                        .line(exchange.operationFor(candidate))
                        .after()
                != null;
    }

    /** Puts {@code name} into the field as a JSON string, between two other texts. */
    private static List<BodyEdit> edit(ModelField field, String before, String name, String after) {
        StringBuilder text = new StringBuilder(MEMBER.length() + name.length() + 16).append(before);
        JsonText.quote(text, name).append(after);
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return List.of(new BodyEdit(field.start(), field.end(), bytes));
    }
}
