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
        return text == null
                ? json.append("null")
                : escape(json.append('"'), text).append('"');
    }

    /** Appends {@code text} as the inside of a JSON string; returns {@code json}. */
    public static StringBuilder escape(StringBuilder json, CharSequence text) {
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        return json;
    }
}
