package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.ReferringNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One item of a response's input, and whether its {@code id} makes the provider look for an item that it keeps. Clients may send an
 * id alone, or an item as they got it, which has the id as well as all that it says. Used by one thread.
 *
 * <p>Where a member stands twice, each of them counts, and the stricter reading holds.
 */
final class ReferredItem {

    private static final String ENCRYPTED = "encrypted_content";

    /** What an item says, by the names that its types have for it. An item that has none of them says nothing itself. */
    private static final Set<String> CONTENT = Set.of(
            "action",
            "approve",
            "arguments",
            "code",
            "content",
            ENCRYPTED,
            "input",
            "operation",
            "output",
            "queries",
            "result",
            "tools");

    /** Of these, even nothing says something: a tool may be called without arguments, and have nothing to tell. */
    private static final Set<String> MAY_BE_EMPTY = Set.of("approve", "arguments", "input", "output");

    /** Types of items that say all themselves. Others come from tools of the provider's, which may keep more of them. */
    private static final Set<String> WHOLE = Set.of(
            "message",
            "function_call",
            "function_call_output",
            "custom_tool_call",
            "custom_tool_call_output",
            "compaction");

    private final List<String> ids = new ArrayList<>();
    private boolean typed;
    private boolean untyped;
    private boolean reference;
    /** Of a type of which a provider may keep more than the item says. */
    private boolean foreign;

    private boolean role;
    private boolean says;
    private boolean encrypted;
    private boolean notEncrypted;

    /** The item has an id. */
    void id(String id) {
        if (!id.isEmpty()) {
            ids.add(id);
        }
    }

    /** The item has a type. */
    void type(String type) {
        typed = true;
        reference |= ReferringNames.isReference(type);
        foreign |= !WHOLE.contains(type);
    }

    /**
     * The item has another member called {@code name}, or one of the others that is no string.
     *
     * @param empty whether its value is an empty string, array or object, or nothing like that
     */
    void member(String name, boolean empty) {
        untyped |= name.equals("type");
        role |= name.equals("role") && !empty;
        if (CONTENT.contains(name)) {
            boolean something = !empty || MAY_BE_EMPTY.contains(name);
            says |= something;
            encrypted |= something && name.equals(ENCRYPTED);
            notEncrypted |= empty && name.equals(ENCRYPTED);
        }
    }

    /** The item is over. */
    void addTo(Referred found) {
        // Without a type it is a message if it has a role, and else stands for the item of its id.
        boolean nameless = !typed || untyped;
        if (reference || !says || nameless && !role) {
            found.ids().addAll(ids);
        } else if (nameless || foreign && (!encrypted || notEncrypted)) {
            found.mentioned().addAll(ids);
        }
    }
}
