package io.costoptimal.gateway.server.simulator.objects;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code multipart/form-data} body (RFC 7578). Immutable.
 *
 * @param parts in the order they came in
 */
record Form(List<Part> parts) {

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE_NAME = Pattern.compile("filename=\"([^\"]*)\"");
    private static final Pattern TYPE = Pattern.compile("(?im)^content-type:\\s*(\\S+)");
    private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

    /**
     * One field.
     *
     * @param name of the field
     * @param fileName {@code null} for a field that is no file
     * @param type media type; {@code null} where the part does not say
     * @param bytes not to be changed
     */
    record Part(String name, String fileName, String type, byte[] bytes) {

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Reads {@code body}, whose boundary stands in {@code contentType}. */
    static Form read(String contentType, byte[] body) {
        Matcher named = BOUNDARY.matcher(contentType);
        if (!named.find()) {
            throw new Refusal(400, "content-type: " + contentType + " (expected: multipart/form-data with a boundary)");
        }
        byte[] delimiter = ("\r\n--" + named.group(1)).getBytes(StandardCharsets.ISO_8859_1);
        List<Part> parts = new ArrayList<>();
        // The first delimiter has no line before it.
        int from = indexOf(body, Arrays.copyOfRange(delimiter, 2, delimiter.length), 0) + delimiter.length - 2;
        for (int to = indexOf(body, delimiter, from); to >= 0; to = indexOf(body, delimiter, from)) {
            parts.add(part(body, from, to));
            from = to + delimiter.length;
        }
        if (from + 2 > body.length || body[from] != '-' || body[from + 1] != '-') {
            throw new Refusal(400, "The form has no end.");
        }
        return new Form(parts);
    }

    private static Part part(byte[] body, int from, int to) {
        int end = indexOf(body, BLANK_LINE, from);
        if (end < 0 || end > to) {
            throw new Refusal(400, "A part of the form has no end of its head.");
        }
        String head = new String(body, from, end - from, StandardCharsets.UTF_8);
        byte[] bytes = Arrays.copyOfRange(body, Math.min(to, end + BLANK_LINE.length), to);
        return new Part(find(NAME, head), find(FILE_NAME, head), find(TYPE, head), bytes);
    }

    private static String find(Pattern pattern, String head) {
        Matcher matcher = pattern.matcher(head);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static int indexOf(byte[] in, byte[] what, int from) {
        for (int at = from; at <= in.length - what.length; at++) {
            if (in[at] == what[0] && Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }

    /** The text of the field {@code name}, or {@code fallback}. */
    String text(String name, String fallback) {
        return parts.stream()
                .filter(part -> name.equals(part.name) && part.fileName == null)
                .map(Part::text)
                .findFirst()
                .orElse(fallback);
    }

    /** The file in the field {@code name}; with brackets too, as a list of files has them. */
    Part file(String name) {
        return parts.stream()
                .filter(part -> name.equals(part.name) || (name + "[]").equals(part.name))
                .findFirst()
                .orElseThrow(() -> new Refusal(400, name + ": missing (expected: a file)"));
    }
}
