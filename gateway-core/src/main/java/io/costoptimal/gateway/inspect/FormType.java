package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.inspect.FieldParameters.Parameter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.List;

/** The {@code Content-Type} of a form (RFC 7578, 4.1). Stateless. */
final class FormType {

    private static final int LONGEST = 70;
    private static final String OTHERS = "'()+_,-./:=?";

    private FormType() {}

    /**
     * Returns what tells the parts of the form apart; {@code null} when the head announces no form, two, or one whose parts
     * different readers could tell apart differently.
     */
    static String boundary(HttpHeaders headers) {
        Iterator<String> types = headers.valueStringIterator(HttpHeaderNames.CONTENT_TYPE);
        if (!types.hasNext()) {
            return null;
        }
        String type = types.next();
        if (types.hasNext()) {
            return null;
        }
        List<Parameter> parameters = FieldParameters.of(type, "multipart/form-data");
        if (parameters == null) {
            return null;
        }
        String boundary = null;
        for (Parameter parameter : parameters) {
            if (parameter.name().equals("boundary")) {
                if (boundary != null) {
                    return null;
                }
                boundary = parameter.value();
            } else if (parameter.name().startsWith("boundary*") || isOtherCharset(parameter)) {
                return null;
            }
        }
        return boundary != null && isSound(boundary) ? boundary : null;
    }

    private static boolean isOtherCharset(Parameter parameter) {
        return parameter.name().equals("charset") && !parameter.value().equalsIgnoreCase("utf-8");
    }

    /** RFC 2046, 5.1.1; but for spaces, which nobody uses and readers strip differently. */
    private static boolean isSound(String boundary) {
        return !boundary.isEmpty()
                && boundary.length() <= LONGEST
                && boundary.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c) || OTHERS.indexOf(c) >= 0);
    }
}
