package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.http.FieldNames;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Fields that an embedder adds to the head of one request, checked. Immutable.
 *
 * @param names none of which a client's or a configured field may have
 * @param values by name, in the order they are written
 */
record OwnFields(FieldNames names, Map<String, String> values) {

    /**
     * Checks {@code added}; no message shows a value.
     *
     * @return {@code null} when there are none
     * @throws IllegalArgumentException when one cannot be sent, or two have the same name
     */
    static OwnFields of(Map<String, String> added) {
        if (added.isEmpty()) {
            return null;
        }
        FieldNames names = FieldNames.NONE;
        for (Map.Entry<String, String> field : added.entrySet()) {
            // Some servers take one for the other (RFC 3875, 4.1.18).
            String name = field.getKey().replace('_', '-');
            require(name, ProviderCheck::headerName, "a field for a provider", name);
            require(field.getValue(), ProviderCheck::fieldValue, name, "(hidden)");
            if (names.contains(name)) {
                throw new IllegalArgumentException(name + ": twice");
            }
            names = names.with(name);
        }
        return new OwnFields(names, added);
    }

    private static void require(String text, UnaryOperator<String> rule, String what, String shown) {
        try {
            rule.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + ": " + shown + " (expected: " + e.getMessage() + ")", e);
        }
    }

    /** Writes the lines of the fields. */
    void writeTo(StringBuilder out) {
        values.forEach(
                (name, value) -> out.append(name).append(": ").append(value).append("\r\n"));
    }
}
