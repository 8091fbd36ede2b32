package io.costoptimal.gateway.exchange;

import java.util.Locale;
import java.util.Set;

/**
 * The names of members, parameters and parts of forms that refer to objects, in all APIs that the gateway knows. Names are compared
 * as {@link #folded} leaves them. Stateless.
 */
public final class ReferringNames {

    /** Their value is an id, or a list of them. */
    private static final Set<String> NAMES = Set.of(
            "batch_id",
            "container",
            "container_id",
            "conversation",
            "conversation_id",
            "eval_id",
            "file_id",
            "file_ids",
            "input_file_id",
            "part_ids",
            "previous_response_id",
            "response_id",
            "training_file",
            "upload_id",
            "validation_file",
            "vector_store_id",
            "vector_store_ids",
            "video_id");

    /** Their value may be an object that has the id. */
    private static final Set<String> WITH_ID = Set.of("container", "conversation", "video");

    /** Types of objects that refer by their {@code id}. */
    private static final Set<String> TYPES = Set.of("file_id", "item_reference");

    /** Nothing below them refers to anything. */
    private static final Set<String> OPAQUE =
            Set.of("arguments", "input_schema", "json_schema", "metadata", "parameters", "schema");

    /** A picture that a video begins with: a file, or an object that has the id of one. */
    private static final String INPUT_REFERENCE = "input_reference";

    private static final String BRACKETS = "[\\[\\].]+";

    private ReferringNames() {}

    /** The name that some reader could take {@code name} for: one that does not care for case, or sees text end at a NUL. */
    public static String folded(String name) {
        int nul = name.indexOf('\0');
        String text = nul < 0 ? name : name.substring(0, nul);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z' || c > 0x7f) {
                return text.replace('\u017f', 's')
                        .replace('\u212a', 'k')
                        .replace('\u0130', 'i')
                        .replace('\u0131', 'i')
                        .toLowerCase(Locale.ROOT);
            }
        }
        return text;
    }

    /** Whether the value of {@code name} is an id, or a list of them. */
    public static boolean refers(String name) {
        return NAMES.contains(name);
    }

    /** Whether the {@code id} of an object called {@code name} is that of an object that is kept. */
    public static boolean haveId(String name) {
        return WITH_ID.contains(name);
    }

    /**
     * Whether the value of a form's part can be nothing but an id. Parts are called as members are, with those around them before:
     * {@code input_reference[file_id]}, or {@code video.id}.
     */
    public static boolean haveIdsOnly(String part) {
        String before = "";
        for (String each : folded(part).split(BRACKETS)) {
            if (NAMES.contains(each) && !WITH_ID.contains(each) || each.equals("id") && WITH_ID.contains(before)) {
                return true;
            }
            before = each;
        }
        return false;
    }

    /** Whether the value of a form's part, if it is no file, may be an id, or an object that has one; which is nobody's id. */
    public static boolean mayHaveId(String part) {
        String[] all = folded(part).split(BRACKETS);
        String last = all.length == 0 ? "" : all[all.length - 1];
        return WITH_ID.contains(last) || last.equals(INPUT_REFERENCE);
    }

    /** Whether an object of {@code type} stands for the one whose {@code id} it has. */
    public static boolean isReference(String type) {
        return TYPES.contains(type);
    }

    /** Whether what is below {@code name} is the client's own. */
    public static boolean isOpaque(String name) {
        return OPAQUE.contains(name);
    }
}
