package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * What the scanner must say of a whole document, worked out by Jackson's blocking parser and, where the scanner is
 * stricter on purpose, by a rule stated here: {@link #decode}, {@link #readsAsOneObject}, {@link #model}.
 */
final class JsonOracle {

    private static final Set<String> POLICY_MEMBERS = Set.of(
            "model",
            "stream",
            "stream_options",
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "n",
            "models",
            "fallbacks",
            "route",
            "preset",
            "context_window_fallbacks",
            "context_window_fallback_dict",
            "content_policy_fallbacks");

    private static final Set<String> ALTERNATIVES = Set.of(
            "models",
            "fallbacks",
            "route",
            "preset",
            "context_window_fallbacks",
            "context_window_fallback_dict",
            "content_policy_fallbacks");

    /** Of private use; the documents never hold it. */
    private static final char UNPAIRED = '\uE000';

    private static final Pattern ESCAPES = Pattern.compile(
            "\\\\[^u]"
                    + "|\\\\u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}"
                    + "|(\\\\u[dD][89a-fA-F]\\p{XDigit}{2})",
            Pattern.DOTALL);

    private static final Pattern DOT_SEGMENT = Pattern.compile("(^|[/\\\\])\\.\\.?($|[/\\\\])");

    private final JsonFactory jackson;

    private String text;
    private boolean duplicate;
    private boolean badModel;
    private boolean misspelt;
    private boolean alternatives;
    private ModelField model;
    private boolean stream;
    private boolean includeUsage;
    private long maxTokens;

    JsonOracle(int maxDepth) {
        jackson = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /** The facts of an acceptable document; {@code null} when it must be refused. */
    RequestFacts facts(byte[] document) {
        text = decode(document);
        duplicate = false;
        badModel = false;
        model = null;
        misspelt = false;
        alternatives = false;
        stream = false;
        includeUsage = false;
        maxTokens = -1;
        if (text == null || !readsAsOneObject()) {
            return null;
        }
        return new RequestFacts(field(), stream, maxTokens, includeUsage, document.length);
    }

    /**
     * The text of valid UTF-8 without a byte order mark, the only encoding the scanner takes; else {@code null}. Left to
     * itself Jackson detects UTF-16 and UTF-32, drops a mark and does not
     * check all bytes of strings it skips; given text it does none of this.
     */
    private static String decode(byte[] document) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
            return text.startsWith("\uFEFF") ? null : text;
        } catch (CharacterCodingException malformed) {
            return null;
        }
    }

    /**
     * Puts {@link #UNPAIRED} for each escape that is half of a surrogate pair: RFC 8259 8.2 lets it stand, the scanner too
     * (but not in a model), and Jackson in values alone, not in names. Offsets stay the same.
     */
    private static String markUnpaired(String text) {
        return ESCAPES.matcher(text)
                .replaceAll(escape -> Matcher.quoteReplacement(escape.group(1) == null ? escape.group() : "\\ue000"));
    }

    /** Jackson takes any number of roots, of any kind; and duplicates, unless told to refuse all of them. */
    private boolean readsAsOneObject() {
        try (JsonParser parser = jackson.createParser(ObjectReadContext.empty(), markUnpaired(text))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            body(parser);
            return parser.nextToken() == null && !duplicate && !badModel && !misspelt;
        } catch (JacksonException malformed) {
            return false;
        }
    }

    private void body(JsonParser parser) {
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            duplicate |= !names.add(name) && POLICY_MEMBERS.contains(name);
            POLICY_MEMBERS.forEach(ours -> misspelt |= isTakenFor(ours, name));
            alternatives |= ALTERNATIVES.contains(name);
            JsonToken value = parser.nextToken();
            switch (name) {
                case "model" -> model(parser, value);
                case "stream" -> stream |= value == JsonToken.VALUE_TRUE;
                case "stream_options" -> {
                    if (value == JsonToken.START_OBJECT) {
                        streamOptions(parser);
                        continue;
                    }
                }
                case "max_tokens", "max_completion_tokens", "max_output_tokens" -> limit(parser, value);
                default -> {}
            }
            skip(parser, value);
        }
    }

    /** Some readers compare without case, some see a text end at a NUL. */
    private static boolean isTakenFor(String ours, String name) {
        int nul = name.indexOf(0);
        String seen = nul < 0 ? name : name.substring(0, nul);
        return !name.equals(ours) && seen.equalsIgnoreCase(ours);
    }

    private void streamOptions(JsonParser parser) {
        boolean seen = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean ours = parser.currentName().equals("include_usage");
            misspelt |= isTakenFor("include_usage", parser.currentName());
            duplicate |= ours && seen;
            seen |= ours;
            JsonToken value = parser.nextToken();
            includeUsage |= ours && value == JsonToken.VALUE_TRUE;
            skip(parser, value);
        }
    }

    private ModelField field() {
        ModelField field = model;
        if (field == null) {
            int brace = text.indexOf('{') + 1;
            boolean empty = text.substring(brace).strip().startsWith("}");
            field = ModelField.missing(brace, empty);
        }
        return new ModelField(field.name(), field.place(), field.start(), field.end(), alternatives);
    }

    private void model(JsonParser parser, JsonToken value) {
        if (value == JsonToken.VALUE_NULL) {
            int start = byteOffset(parser.currentTokenLocation().getCharOffset());
            model = new ModelField(null, start, start + 4);
            return;
        }
        if (value != JsonToken.VALUE_STRING) {
            badModel = true;
            return;
        }
        int start = byteOffset(parser.currentTokenLocation().getCharOffset());
        String name = parser.getString();
        int end = byteOffset(parser.currentLocation().getCharOffset());
        badModel |= name.isEmpty()
                || name.getBytes(StandardCharsets.UTF_8).length > 256
                || name.chars().anyMatch(Character::isISOControl)
                || name.indexOf(UNPAIRED) >= 0
                || DOT_SEGMENT.matcher(name).find();
        model = new ModelField(name, start, end);
    }

    private int byteOffset(long charOffset) {
        return text.substring(0, (int) charOffset).getBytes(StandardCharsets.UTF_8).length;
    }

    /** The largest whole number, however it is written. */
    private void limit(JsonParser parser, JsonToken value) {
        if (!value.isNumeric() || parser.getString().startsWith("-")) {
            return;
        }
        // Exponents beyond what BigDecimal has are cut to one that leads to the same verdict.
        String text = parser.getString().replaceFirst("([eE][+-]?)0*([0-9]{5})[0-9]+$", "$1$2");
        BigDecimal number = new BigDecimal(text).stripTrailingZeros();
        if (number.scale() <= 0) {
            BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
            maxTokens = Math.max(maxTokens, number.min(most).longValueExact());
        }
    }

    /** Reads every string on the way, because Jackson checks only what is read. */
    private static void skip(JsonParser parser, JsonToken first) {
        int depth = 0;
        for (JsonToken token = first; ; token = parser.nextToken()) {
            if (token == null) {
                return;
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING) {
                parser.getString();
            }
            if (depth == 0 && token != JsonToken.PROPERTY_NAME) {
                return;
            }
        }
    }
}
