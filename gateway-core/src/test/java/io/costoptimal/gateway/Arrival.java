package io.costoptimal.gateway;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A request as a provider got it, and every model that any provider could read in it: in the path, the query, and the
 * body's members whatever their case or their number.
 *
 * @param target path and query
 * @param body as it came, a character for each byte
 */
record Arrival(String target, String body) {

    private static final Pattern DEPLOYMENT = Pattern.compile("/deployments/([^/?]*)/");
    private static final Pattern QUERY = Pattern.compile("(?i)[?&]model=([^&]*)");
    private static final JsonFactory JSON = new JsonFactory();

    static Arrival of(String request) {
        int target = request.indexOf(' ') + 1;
        return new Arrival(
                request.substring(target, request.indexOf(" HTTP/1.1\r\n")),
                request.substring(request.indexOf("\r\n\r\n") + 4));
    }

    /** Every one of them; {@code null} among them stands for a model that is named as nothing a model is called. */
    Set<String> models() {
        Set<String> models = new LinkedHashSet<>();
        Matcher deployment = DEPLOYMENT.matcher(target);
        while (deployment.find()) {
            models.add(decoded(deployment.group(1)));
        }
        Matcher query = QUERY.matcher(decoded(target));
        while (query.find()) {
            models.add(decoded(query.group(1)));
        }
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body.getBytes(StandardCharsets.ISO_8859_1))) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new AssertionError("no object: " + body);
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = seen(in.currentName());
                JsonToken value = in.nextToken();
                if (name.equals("model")) {
                    models.add(value == JsonToken.VALUE_STRING ? in.getString() : null);
                } else if (name.equals("models") || name.equals("fallbacks") || name.equals("preset")) {
                    models.add(null);
                }
                in.skipChildren();
            }
        }
        return models;
    }

    /** As a reader that ignores case, or keeps text in C strings, sees a name. */
    private static String seen(String name) {
        int nul = name.indexOf(0);
        return (nul < 0 ? name : name.substring(0, nul))
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
