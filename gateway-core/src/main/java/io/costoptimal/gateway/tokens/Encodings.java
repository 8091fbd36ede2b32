package io.costoptimal.gateway.tokens;

import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.Arrays;
import java.util.Locale;

/**
 * The encodings, and which model uses which. Thread safe; the tables are loaded once per process (about half a second and
 * 12 MB for {@code cl100k_base}, 28 MB for {@code o200k_base}), either by {@link #load} or by the first count.
 *
 * <p>The choice is by the longest prefix of a table of ours, because jtokkit's maps {@code gpt-4.1} to the wrong encoding
 * and knows nothing newer. Whatever the table lacks, other vendors' models included, is counted with {@code o200k_base}:
 * for those the number is an estimate.
 */
public final class Encodings {

    /** An encoding by the name its publisher gave it. */
    public enum Name {
        /** GPT-4, GPT-3.5 and the embedding models. */
        CL100K_BASE("cl100k_base", EncodingType.CL100K_BASE),
        /** GPT-4o and everything after it; also what other vendors' models are estimated with. */
        O200K_BASE("o200k_base", EncodingType.O200K_BASE);

        private final String text;
        private final EncodingType type;

        Name(String text, EncodingType type) {
            this.text = text;
            this.type = type;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private record Prefix(String text, Name encoding) {}

    private static final Prefix[] TABLE = {
        new Prefix("gpt-4", Name.CL100K_BASE),
        new Prefix("gpt-4o", Name.O200K_BASE),
        new Prefix("gpt-4.", Name.O200K_BASE),
        new Prefix("gpt-3.5", Name.CL100K_BASE),
        new Prefix("gpt-35", Name.CL100K_BASE),
        new Prefix("ft:gpt-4", Name.CL100K_BASE),
        new Prefix("ft:gpt-4o", Name.O200K_BASE),
        new Prefix("ft:gpt-4.", Name.O200K_BASE),
        new Prefix("ft:gpt-3.5", Name.CL100K_BASE),
        new Prefix("ft:davinci-002", Name.CL100K_BASE),
        new Prefix("ft:babbage-002", Name.CL100K_BASE),
        new Prefix("davinci-002", Name.CL100K_BASE),
        new Prefix("babbage-002", Name.CL100K_BASE),
        new Prefix("text-embedding-", Name.CL100K_BASE),
    };

    /** What the names of models that use the newer encoding begin with, beside those of the table. */
    private static final String[] NEWER = {
        "gpt-5", "gpt-oss", "chatgpt-", "codex-", "o1", "o3", "o4", "ft:gpt-5", "ft:o4"
    };

    private static final EncodingRegistry REGISTRY = com.knuddels.jtokkit.Encodings.newLazyEncodingRegistry();

    private Encodings() {}

    /**
     * The encoding of a model.
     *
     * @param model its name, in any case; a vendor before the last slash ({@code openai/gpt-4}) is ignored
     */
    public static Name nameFor(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        Name best = Name.O200K_BASE;
        int length = 0;
        for (Prefix prefix : TABLE) {
            if (prefix.text.length() > length && name.startsWith(prefix.text)) {
                best = prefix.encoding;
                length = prefix.text.length();
            }
        }
        return best;
    }

    /** Whether {@link #nameFor} is the model's own encoding, as far as its name tells, and no stand-in for one unknown. */
    public static boolean knows(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return Arrays.stream(TABLE).anyMatch(prefix -> name.startsWith(prefix.text))
                || Arrays.stream(NEWER).anyMatch(name::startsWith);
    }

    /** Loads encodings now, so that no request waits for it. Slow the first time; never on an event loop. */
    public static void load(Name... names) {
        for (Name name : names) {
            get(name).countTokensOrdinary("warm");
        }
    }

    static Encoding get(Name name) {
        return REGISTRY.getEncoding(name.type);
    }
}
