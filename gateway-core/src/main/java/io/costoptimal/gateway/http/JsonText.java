package io.costoptimal.gateway.http;

import tools.jackson.core.io.JsonStringEncoder;

/**
 * Text as JSON writes it (RFC 8259 section 7). Whatever the text holds, what is appended stays one JSON string. Stateless,
 * any thread.
 */
public final class JsonText {

    private JsonText() {}

    /** Appends {@code text} with its quotes, or {@code null} without any; returns {@code json}. */
    public static StringBuilder quote(StringBuilder json, CharSequence text) {
        if (text == null) {
            return json.append("null");
        }
        JsonStringEncoder.getInstance().quoteAsString(text, json.append('"'));
        return json.append('"');
    }
}
