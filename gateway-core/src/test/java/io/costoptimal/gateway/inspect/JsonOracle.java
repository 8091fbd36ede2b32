package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.RequestFacts.Kept;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.exchange.RequestFacts.Output;
import io.costoptimal.gateway.exchange.RequestFacts.Streaming;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
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

    private static final Set<String> NO_TEXT =
            Set.of("audio_url", "file_data", "file_url", "image_url", "video_url", "input_audio", "audio", "images");

    private static final Set<String> ENCODED = Set.of(
            "audio_url",
            "file_data",
            "file_url",
            "image_url",
            "video_url",
            "b64_json",
            "data",
            "result",
            "url",
            "encrypted_content");

    private static final Set<String> NO_TEXT_IN_BODY = Set.of("audio", "images", "modalities");

    private static final Set<String> OUTSIDE_IN_BODY = Set.of(
            "container",
            "context_management",
            "conversation",
            "file_id",
            "mcp_servers",
            "plugins",
            "previous_response_id",
            "web_search_options");

    private static final Set<String> REFERS = Set.of(
            "batch_id",
            "container",
            "container_id",
            "conversation_id",
            "eval_id",
            "file_id",
            "file_ids",
            "input_file_id",
            "response_id",
            "training_file",
            "upload_id",
            "validation_file",
            "vector_store_id",
            "vector_store_ids",
            "video_id");

    private static final Set<String> REFERS_IN_BODY = Set.of("video", "conversation", "previous_response_id");

    private static final Set<String> OPAQUE_IN_BODY = Set.of(
            "functions",
            "logit_bias",
            "metadata",
            "output_config",
            "output_format",
            "reasoning",
            "response_format",
            "stream_options",
            "text",
            "thinking",
            "tool_choice");

    private static final Set<String> TEXT_TYPES = Set.of(
            "text",
            "input_text",
            "output_text",
            "reasoning_text",
            "summary_text",
            "refusal",
            "thinking",
            "tool_use",
            "tool_result",
            "search_result",
            "document",
            "content",
            "message",
            "function_call",
            "function_call_output",
            "custom_tool_call",
            "custom_tool_call_output",
            "reasoning",
            "function",
            "custom",
            "direct",
            "ephemeral",
            "char_location",
            "page_location",
            "content_block_location",
            "search_result_location");

    private static final int EVERY_LEVEL = 1_000_000;

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
    private UsageOption usage;
    private long maxTokens;
    private long answers;
    private int nonTextBytes;
    private boolean nonText;
    private boolean outside;
    private boolean refers;
    private boolean stores;
    private boolean refused;
    private boolean background;
    private boolean items;

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
        usage = null;
        maxTokens = -1;
        answers = 1;
        nonTextBytes = 0;
        nonText = false;
        outside = false;
        refers = false;
        stores = false;
        refused = false;
        background = false;
        items = false;
        if (text == null || !readsAsOneObject()) {
            return null;
        }
        int brace = text.indexOf('{') + 1;
        return new RequestFacts(
                field(),
                new Streaming(
                        stream, usage == null ? new UsageOption(UsageOption.Place.NO_OPTIONS, brace, brace) : usage),
                new Output(maxTokens, answers),
                new Content(nonTextBytes, nonText, outside, refers, new Kept(stores, refused, background)),
                document.length);
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
            String spelled = parser.currentName();
            duplicate |= !names.add(spelled) && POLICY_MEMBERS.contains(spelled);
            POLICY_MEMBERS.forEach(ours -> misspelt |= isTakenFor(ours, spelled));
            alternatives |= ALTERNATIVES.contains(spelled);
            JsonToken value = parser.nextToken();
            switch (spelled) {
                case "model" -> model(parser, value);
                case "stream" -> stream |= value == JsonToken.VALUE_TRUE;
                case "stream_options" -> {
                    if (value == JsonToken.START_OBJECT) {
                        streamOptions(parser);
                        continue;
                    }
                    usage = UsageOption.FIXED;
                    if (value == JsonToken.VALUE_NULL) {
                        int start = byteOffset(parser.currentTokenLocation().getCharOffset());
                        usage = new UsageOption(UsageOption.Place.NULL_OPTIONS, start, start + 4);
                    }
                }
                case "max_tokens", "max_completion_tokens", "max_output_tokens" ->
                    maxTokens = Math.max(maxTokens, whole(parser, value));
                case "n" -> answers(parser, spelled, value);
                default -> {
                    if (folded(spelled).equals("best_of")) {
                        answers(parser, "best_of", value);
                    }
                }
            }
            String name = folded(spelled);
            boolean opaque = OPAQUE_IN_BODY.contains(name);
            boolean tools = name.equals("tools");
            items = name.equals("input");
            boolean means = value != JsonToken.VALUE_NULL && value != JsonToken.VALUE_FALSE;
            outside |= means && OUTSIDE_IN_BODY.contains(name) || name.equals("prompt") && value.isStructStart();
            nonText |= means && NO_TEXT_IN_BODY.contains(name);
            refers |= means && (REFERS.contains(name) || REFERS_IN_BODY.contains(name));
            stores |= means && name.equals("store");
            refused |= value == JsonToken.VALUE_FALSE && name.equals("store");
            background |= means && name.equals("background");
            content(parser, value, opaque ? 0 : tools ? 2 : EVERY_LEVEL, tools);
        }
    }

    private void answers(JsonParser parser, String name, JsonToken value) {
        if (value.isNumeric()) {
            long number = whole(parser, value);
            answers = Math.max(answers, number);
            outside |= number < 0;
        } else {
            outside |= name.equals("n") && value == JsonToken.VALUE_STRING;
        }
    }

    /**
     * Reads a value to its end.
     *
     * @param levels of objects and arrays in it whose members are looked at
     */
    private void content(JsonParser parser, JsonToken value, int levels, boolean tools) {
        if (value == JsonToken.START_ARRAY) {
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                content(parser, next, levels - 1, tools);
            }
        } else if (value == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = folded(parser.currentName());
                JsonToken next = parser.nextToken();
                boolean looked = levels > 0;
                if (looked) {
                    member(parser, name, next, tools);
                }
                boolean opaque = looked && !tools && (name.equals("arguments") || name.equals("input"));
                content(parser, next, opaque ? 0 : levels - 1, tools);
            }
        } else if (value == JsonToken.VALUE_STRING) {
            // Jackson checks only what is read.
            parser.getString();
        }
    }

    private void member(JsonParser parser, String name, JsonToken value, boolean tools) {
        boolean means = value != JsonToken.VALUE_NULL && value != JsonToken.VALUE_FALSE;
        nonText |= means && NO_TEXT.contains(name);
        outside |= means && (name.equals("file_id") || name.equals("encrypted_content") || name.equals("container"));
        refers |= means && (REFERS.contains(name) || name.equals("input_image_mask"));
        refers |= means && items && name.equals("id");
        if (value != JsonToken.VALUE_STRING) {
            return;
        }
        int start = byteOffset(parser.currentTokenLocation().getCharOffset());
        String string = parser.getString();
        int bytes = byteOffset(parser.currentLocation().getCharOffset()) - start - 2;
        if (ENCODED.contains(name) && bytes >= 256) {
            nonText = true;
            nonTextBytes += bytes;
        }
        refers |= name.equals("type") && (string.equals("file_id") || string.equals("item_reference"));
        if (name.equals("type") && tools) {
            boolean hosted = !string.equals("function") && !string.equals("custom");
            outside |= hosted;
            refers |= hosted;
        } else if (name.equals("type")) {
            nonText |= !TEXT_TYPES.contains(string);
        }
    }

    /** The name as readers see it that do not care for case, or for what is behind a NUL. */
    private static String folded(String name) {
        int nul = name.indexOf(0);
        return (nul < 0 ? name : name.substring(0, nul))
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }

    /** Some readers compare without case, some see a text end at a NUL. */
    private static boolean isTakenFor(String ours, String name) {
        int nul = name.indexOf(0);
        String seen = nul < 0 ? name : name.substring(0, nul);
        return !name.equals(ours) && seen.equalsIgnoreCase(ours);
    }

    private void streamOptions(JsonParser parser) {
        int start = byteOffset(parser.currentLocation().getCharOffset());
        usage = new UsageOption(UsageOption.Place.EMPTY_OPTIONS, start, start);
        boolean seen = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean ours = parser.currentName().equals("include_usage");
            misspelt |= isTakenFor("include_usage", parser.currentName());
            duplicate |= ours && seen;
            seen |= ours;
            JsonToken value = parser.nextToken();
            if (ours) {
                usage = value == JsonToken.VALUE_TRUE ? UsageOption.ASKED : UsageOption.FIXED;
            } else if (!seen) {
                usage = new UsageOption(UsageOption.Place.OTHER_OPTIONS, start, start);
            }
            content(parser, value, 0, false);
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

    /** The value of a whole number that is not negative, however it is written; -1 for anything else. */
    private static long whole(JsonParser parser, JsonToken value) {
        if (!value.isNumeric() || parser.getString().startsWith("-")) {
            return -1;
        }
        // Exponents beyond what BigDecimal has are cut to one that leads to the same verdict.
        String text = parser.getString().replaceFirst("([eE][+-]?)0*([0-9]{5})[0-9]+$", "$1$2");
        BigDecimal number = new BigDecimal(text).stripTrailingZeros();
        BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
        return number.scale() <= 0 ? number.min(most).longValueExact() : -1;
    }
}
