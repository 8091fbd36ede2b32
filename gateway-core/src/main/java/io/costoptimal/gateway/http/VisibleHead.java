package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * The field lines of a provider's response as they came, but for the cookies that it sets. Made only where somebody wants to
 * look; a copy, so that it stays right whatever becomes of the head.
 */
public final class VisibleHead {

    private static final FieldNames HIDDEN = FieldNames.of("set-cookie", "set-cookie2");

    private final int status;
    private final String[] lines;

    /** @param head complete; borrowed for the length of this call */
    public VisibleHead(ResponseHead head) {
        status = head.status();
        ByteBuf copy = Unpooled.buffer(head.length());
        head.copyTo(copy);
        lines = copy.toString(StandardCharsets.ISO_8859_1).split("\r\n");
    }

    public int status() {
        return status;
    }

    /** The first value of the field {@code name}, in whatever case; {@code null} when there is none, or it is hidden. */
    public String get(String name) {
        String[] found = new String[1];
        forEach((each, value) -> {
            if (found[0] == null && each.equalsIgnoreCase(name)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    /** Calls {@code each} with the name and the value of every field that is not hidden, in the order they came. */
    public void forEach(BiConsumer<String, String> each) {
        // The first line is the status.
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon);
            if (!HIDDEN.contains(name)) {
                each.accept(name, lines[i].substring(colon + 1).strip());
            }
        }
    }
}
