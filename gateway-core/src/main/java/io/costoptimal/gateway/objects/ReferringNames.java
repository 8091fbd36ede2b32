package io.costoptimal.gateway.objects;

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

    private ReferringNames() {}

    /** The name that some reader could take {@code name} for: one that does not care for case, or sees text end at a NUL. */
    static String folded(String name) {
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
    static boolean refers(String name) {
        return NAMES.contains(name);
    }

    /** Whether the {@code id} of an object called {@code name} is that of an object that is kept. */
    static boolean haveId(String name) {
        return WITH_ID.contains(name);
    }

    /** Whether an object of {@code type} stands for the one whose {@code id} it has. */
    static boolean isReference(String type) {
        return TYPES.contains(type);
    }

    /** Whether what is below {@code name} is the client's own. */
    static boolean isOpaque(String name) {
        return OPAQUE.contains(name);
    }
}
