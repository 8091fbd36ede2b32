package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.http.Swar;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The members that tell whether a body is text and nothing else, and what refers to objects, in all APIs that the gateway knows.
 * Case does not count, since some readers ignore it. Duplicates do no harm: each that is found counts.
 */
enum ContentName {
    /** What a part, an item or a tool is. */
    TYPE(Place.BELOW, Effect.TYPE),

    // What is no text.
    AUDIO(Place.ANYWHERE, Effect.NON_TEXT),
    AUDIO_URL(Place.BELOW, Effect.NON_TEXT, Effect.ENCODED),
    B64_JSON(Place.BELOW, Effect.ENCODED),
    DATA(Place.BELOW, Effect.ENCODED),
    FILE_DATA(Place.BELOW, Effect.NON_TEXT, Effect.ENCODED),
    FILE_URL(Place.BELOW, Effect.NON_TEXT, Effect.ENCODED),
    IMAGE_URL(Place.BELOW, Effect.NON_TEXT, Effect.ENCODED),
    IMAGES(Place.ANYWHERE, Effect.NON_TEXT),
    INPUT_AUDIO(Place.BELOW, Effect.NON_TEXT),
    /** What the answer may be beside text: sound or images, which have prices of their own. */
    MODALITIES(Place.TOP, Effect.NON_TEXT),
    RESULT(Place.BELOW, Effect.ENCODED),
    URL(Place.BELOW, Effect.ENCODED),
    VIDEO_URL(Place.BELOW, Effect.NON_TEXT, Effect.ENCODED),

    // What stands for tokens that are elsewhere.
    CONTAINER(Place.ANYWHERE, Effect.OUTSIDE, Effect.REFERS),
    CONTEXT_MANAGEMENT(Place.TOP, Effect.OUTSIDE),
    CONVERSATION(Place.TOP, Effect.OUTSIDE, Effect.REFERS),
    ENCRYPTED_CONTENT(Place.BELOW, Effect.OUTSIDE, Effect.ENCODED),
    FILE_ID(Place.ANYWHERE, Effect.OUTSIDE, Effect.REFERS),
    MCP_SERVERS(Place.TOP, Effect.OUTSIDE),
    PLUGINS(Place.TOP, Effect.OUTSIDE),
    PREVIOUS_RESPONSE_ID(Place.TOP, Effect.OUTSIDE, Effect.REFERS),
    WEB_SEARCH_OPTIONS(Place.TOP, Effect.OUTSIDE),
    /** As a string it is text; as an object it is stored elsewhere; as an array each element is answered. */
    PROMPT(Place.TOP, Effect.OUTSIDE_UNLESS_STRING),

    // What refers to objects that a provider keeps, beside those above.
    BATCH_ID(Place.ANYWHERE, Effect.REFERS),
    CONTAINER_ID(Place.ANYWHERE, Effect.REFERS),
    CONVERSATION_ID(Place.ANYWHERE, Effect.REFERS),
    EVAL_ID(Place.ANYWHERE, Effect.REFERS),
    FILE_IDS(Place.ANYWHERE, Effect.REFERS),
    INPUT_FILE_ID(Place.ANYWHERE, Effect.REFERS),
    /** It has a file's id deeper than tools are looked into. */
    INPUT_IMAGE_MASK(Place.BELOW, Effect.REFERS),
    /** What an item of {@link #ITEMS} is called; an item that has nothing but a name stands for another. */
    ID(Place.BELOW, Effect.ITEM_ID),
    ITEMS("input", Place.TOP, Effect.ITEMS),
    RESPONSE_ID(Place.ANYWHERE, Effect.REFERS),
    TRAINING_FILE(Place.ANYWHERE, Effect.REFERS),
    UPLOAD_ID(Place.ANYWHERE, Effect.REFERS),
    VALIDATION_FILE(Place.ANYWHERE, Effect.REFERS),
    VECTOR_STORE_ID(Place.ANYWHERE, Effect.REFERS),
    VECTOR_STORE_IDS(Place.ANYWHERE, Effect.REFERS),
    VIDEO(Place.TOP, Effect.REFERS),
    VIDEO_ID(Place.ANYWHERE, Effect.REFERS),

    /** Whether the answer is to be kept. */
    STORE(Place.TOP, Effect.STORES),
    /** Whether it is made after the answer to the request. */
    BACKGROUND(Place.TOP, Effect.BACKGROUND),

    BEST_OF(Place.TOP, Effect.ANSWERS),

    TOOLS(Place.TOP, Effect.TOOLS),

    // What has members of the client's own choice, which mean nothing here.
    ARGUMENTS(Place.BELOW, Effect.OPAQUE),
    INPUT(Place.BELOW, Effect.OPAQUE),
    FUNCTIONS(Place.TOP, Effect.OPAQUE),
    LOGIT_BIAS(Place.TOP, Effect.OPAQUE),
    METADATA(Place.TOP, Effect.OPAQUE),
    OUTPUT_CONFIG(Place.TOP, Effect.OPAQUE),
    OUTPUT_FORMAT(Place.TOP, Effect.OPAQUE),
    REASONING(Place.TOP, Effect.OPAQUE),
    RESPONSE_FORMAT(Place.TOP, Effect.OPAQUE),
    TEXT(Place.TOP, Effect.OPAQUE),
    THINKING(Place.TOP, Effect.OPAQUE),
    TOOL_CHOICE(Place.TOP, Effect.OPAQUE);

    /** Where a name means this member. */
    private enum Place {
        /** In the body's own object. */
        TOP,
        /** In any object within it. */
        BELOW,
        ANYWHERE
    }

    /** What its value means. {@code null} and {@code false} mean nothing. */
    enum Effect {
        /** Its string says what the object is. */
        TYPE,
        /** There is something that is no text. */
        NON_TEXT,
        /** A long string is encoded data, and no text. */
        ENCODED,
        OUTSIDE,
        OUTSIDE_UNLESS_STRING,
        /** There is an object, kept elsewhere, that it stands for. */
        REFERS,
        /** Its elements are items of a response. */
        ITEMS,
        /** There is an object that it stands for, if it belongs to an item. */
        ITEM_ID,
        /** The answer is to be kept. */
        STORES,
        /** The answer comes later. */
        BACKGROUND,
        /** Its number is one of answers. */
        ANSWERS,
        /** Its elements are tools: of their members only {@link #TYPE} is looked at, and nothing below. */
        TOOLS,
        /** Nothing below it is looked at. */
        OPAQUE
    }

    private static final ContentName[][] TOP_BY_LENGTH = byLength(Place.BELOW);
    private static final ContentName[][] BELOW_BY_LENGTH = byLength(Place.TOP);

    /** Slots for the names of less than eight bytes, and what is shifted out of a product to have the number of one. */
    private static final int SLOTS = 32;

    private static final int SLOT_SHIFT = Long.SIZE - 5;
    /** Sets the bit of each byte that tells small letters from capitals. */
    private static final long FOLD = 0x2020202020202020L;

    private static final int FOLD_BYTE = 0x20;
    private static final long MULTIPLIER = multiplier();
    private static final long[] WORDS = new long[SLOTS];
    private static final ContentName[] SHORT = new ContentName[SLOTS];

    static {
        for (ContentName one : values()) {
            if (!one.isLong()) {
                int slot = slot(one.word(), MULTIPLIER);
                WORDS[slot] = one.word();
                SHORT[slot] = one;
            }
        }
    }

    private final Place place;
    /** The name as {@link #fold} leaves it. */
    private final byte[] bytes;

    private final int effects;

    ContentName(Place place, Effect... effects) {
        this(null, place, effects);
    }

    /** @param key the name, where it is not that of the constant; else {@code null} */
    ContentName(String key, Place place, Effect... effects) {
        this.place = place;
        String spelled = key == null ? name().toLowerCase(Locale.ROOT) : key;
        this.bytes = spelled.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = fold(bytes[i]);
        }
        int bits = 0;
        for (Effect effect : effects) {
            bits |= 1 << effect.ordinal();
        }
        this.effects = bits;
    }

    /** The same for letters that differ in case only; other characters of names stay apart from letters. */
    private static byte fold(byte b) {
        return (byte) (b | FOLD_BYTE);
    }

    boolean has(Effect effect) {
        return (effects & 1 << effect.ordinal()) != 0;
    }

    /**
     * The member of that name, in whatever case; {@code null} when it is none of these.
     *
     * @param top whether the name stands in the body's own object
     */
    static ContentName of(byte[] name, int from, int length, boolean top) {
        ContentName[][] sorted = top ? TOP_BY_LENGTH : BELOW_BY_LENGTH;
        if (length == 0 || length >= sorted.length) {
            return null;
        }
        for (ContentName one : sorted[length]) {
            if (one.bytes[0] == fold(name[from]) && one.isSpelled(name, from)) {
                return one;
            }
        }
        return null;
    }

    private boolean isSpelled(byte[] name, int from) {
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] != fold(name[from + i])) {
                return false;
            }
        }
        return true;
    }

    /**
     * The member of that name, in whatever case, below the body's own object; {@code null} when it is none of these.
     *
     * @param word begins with the name, as {@link Swar#word} has it
     * @param length of the name, less than eight bytes
     */
    static ContentName below(long word, int length) {
        long name = (word | FOLD) & ~(-1L << length * Byte.SIZE);
        int slot = slot(name, MULTIPLIER);
        return WORDS[slot] == name ? SHORT[slot] : null;
    }

    private static int slot(long name, long multiplier) {
        return (int) (name * multiplier >>> SLOT_SHIFT);
    }

    /** The first multiplier that puts each of the short names into a slot of its own. */
    private static long multiplier() {
        long multiplier = 1;
        long[] slots = new long[SLOTS];
        for (boolean alone = false; !alone; ) {
            multiplier += 0x9E3779B97F4A7C16L;
            Arrays.fill(slots, 0);
            alone = true;
            for (ContentName one : values()) {
                int slot = slot(one.word(), multiplier);
                alone &= one.isLong() || slots[slot] == 0;
                slots[slot] = one.isLong() ? slots[slot] : one.word();
            }
        }
        return multiplier;
    }

    private boolean isLong() {
        return place == Place.TOP || bytes.length >= Long.BYTES;
    }

    private long word() {
        return Swar.word(Arrays.copyOf(bytes, Long.BYTES), 0);
    }

    private static ContentName[][] byLength(Place without) {
        int longest =
                Arrays.stream(values()).mapToInt(one -> one.bytes.length).max().orElseThrow();
        ContentName[][] sorted = new ContentName[longest + 1][];
        for (int i = 0; i <= longest; i++) {
            int length = i;
            sorted[i] = Arrays.stream(values())
                    .filter(one -> one.place != without && one.bytes.length == length)
                    .toArray(ContentName[]::new);
        }
        return sorted;
    }
}
