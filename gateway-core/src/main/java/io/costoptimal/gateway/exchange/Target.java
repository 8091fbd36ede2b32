package io.costoptimal.gateway.exchange;

import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import java.util.List;

/**
 * What a request line asked for.
 *
 * @param operation the row of the table; {@code null} when there is none such, and then the request is refused
 * @param family the API the client speaks; differs from the operation's own only where both share a path
 * @param query the query string byte for byte, without the question mark; {@code null} when there was none
 * @param parameter what the path has in the place of its first parameter, percent-decoded: a model, Azure's name of a
 *     deployment, the id of an object; {@code null} when the path has none
 * @param inPath all parameters of the operation's path
 */
public record Target(Operation operation, ApiFamily family, String query, String parameter, InPath inPath) {

    /**
     * The parameters of a path, in their order. Azure's deployment is none: the operation's own path does not have it.
     *
     * @param parameters percent-decoded
     * @param spelled as they stand in the request line, which is how a provider gets them
     */
    public record InPath(List<String> parameters, List<String> spelled) {

        /** Of a path without. */
        public static final InPath NONE = new InPath(List.of(), List.of());

        public InPath {
            parameters = List.copyOf(parameters);
            spelled = List.copyOf(spelled);
        }
    }

    /** A target whose operation has no parameter of its own, unless that is the model. */
    public Target(Operation operation, ApiFamily family, String query, String parameter) {
        this(operation, family, query, parameter, InPath.NONE);
    }

    /** The parameters of the operation's path, percent-decoded, in their order. */
    public List<String> parameters() {
        return inPath.parameters();
    }

    /** The model that the path names; {@code null} when it names none. */
    public String pathModel() {
        return operation == null || operation.model() == ModelPlace.NONE ? null : parameter;
    }
}
