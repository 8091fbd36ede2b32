package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.ReferringNames;
import io.costoptimal.gateway.inspect.FieldParameters.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * What the header fields of a form's part say (RFC 7578, 4.2 to 4.4). Immutable.
 *
 * @param name of the part
 * @param file whether it has the name of a file
 * @param plain whether its value is text as it stands: in no other charset than UTF-8, and not encoded
 * @param length whether a field tells how long its value is
 * @param fault what is wrong with them; {@code null} when nothing is, and then the others count
 */
record FormPart(String name, boolean file, boolean plain, boolean length, String fault) {

    static final String MODEL = "model";
    private static final String CHARSET_PART = "_charset_";
    private static final String MULTIPART = "multipart/";

    /** Reads the field lines in {@code bytes}, each with its end. */
    static FormPart read(byte[] bytes, int length) {
        // Latin-1 makes one char of each byte. Nothing here looks at characters beyond ASCII.
        String block = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        Reading reading = new Reading();
        int from = 0;
        while (from < length) {
            int end = block.indexOf("\r\n", from);
            String fault = reading.line(block.substring(from, end));
            if (fault != null) {
                return new FormPart(null, false, false, false, fault);
            }
            from = end + 2;
        }
        return reading.part();
    }

    /** Whether this is the part that names the model. */
    boolean isModel() {
        return MODEL.equals(name) && !file;
    }

    /**
     * Whether some reader could take this for the part that names the model: one that does not care for case, undoes
     * escapes, cuts at a zero, or makes lists of names with brackets.
     */
    boolean isLikeModel() {
        String plainName = plainName(name);
        return plainName.equals(MODEL) || plainName.startsWith(MODEL + "[");
    }

    /** Whether some reader could take its value for the id of an object. A picture or a video may be a file as well. */
    boolean refers() {
        String plain = plainName(name);
        return ReferringNames.haveIdsOnly(plain) || !file && ReferringNames.mayHaveId(plain);
    }

    /** Whether some reader could find another name in it, by RFC 2047. */
    private static boolean hasEncodedWord(String plainName) {
        int start = plainName.indexOf("=?");
        return start >= 0 && plainName.indexOf("?=", start + 2) >= 0;
    }

    private static String plainName(String name) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%' && i + 2 < name.length()) {
                int high = Character.digit(name.charAt(i + 1), 16);
                int low = Character.digit(name.charAt(i + 2), 16);
                if (high >= 0 && low >= 0) {
                    c = (char) (high << 4 | low);
                    i += 2;
                }
            }
            if (c == 0) {
                break;
            }
            if (c != '\\') {
                plain.append(c);
            }
        }
        return plain.toString().strip().toLowerCase(Locale.ROOT);
    }

    /** The fields read so far. */
    private static final class Reading {

        private String name;
        private boolean disposed;
        private boolean file;
        private boolean plain = true;
        private boolean length;

        /** Returns what is wrong with it; {@code null} when nothing is. */
        String line(String line) {
            int colon = line.indexOf(':');
            if (colon < 1 || line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || line.indexOf('\0') >= 0) {
                return "a part has a malformed header line";
            }
            String field = line.substring(0, colon);
            if (!field.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                // A blank at its beginning would make it a part of the line before.
                return "a part has a malformed header line";
            }
            String value = line.substring(colon + 1);
            switch (field.toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> {
                    return disposition(value);
                }
                case "content-type" -> {
                    plain &= isPlainText(value);
                    if (value.strip().regionMatches(true, 0, MULTIPART, 0, MULTIPART.length())) {
                        // RFC 7578, 4.3: not to be sent any more. Some readers take these for parts of the form.
                        return "a part has parts of its own";
                    }
                }
                case "content-transfer-encoding" -> plain &= isAsItStands(value.strip());
                case "content-length" -> length = true;
                default -> {}
            }
            return null;
        }

        private String disposition(String value) {
            List<Parameter> parameters = FieldParameters.of(value, "form-data");
            if (disposed || parameters == null) {
                return "a part needs one `Content-Disposition: form-data; name=\"...\"`";
            }
            disposed = true;
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                for (int j = 0; j < i; j++) {
                    if (parameters.get(j).name().equals(parameter.name())) {
                        return "a part has two of `" + shown(parameter.name()) + "`";
                    }
                }
                switch (parameter.name()) {
                    case "name" -> name = parameter.value();
                    case "filename", "filename*" -> file = true;
                    default -> {
                        if (parameter.name().startsWith("name*")
                                || parameter.name().startsWith("filename*")) {
                            return "a part has its name encoded";
                        }
                    }
                }
            }
            return null;
        }

        /** Names of parameters are tokens; long ones are nobody's. */
        private static String shown(String parameter) {
            return parameter.length() > 20 ? parameter.substring(0, 20) : parameter;
        }

        private static boolean isPlainText(String type) {
            List<Parameter> parameters = FieldParameters.of(type, "text/plain");
            return parameters != null
                    && parameters.stream()
                            .allMatch(parameter -> !parameter.name().startsWith("charset")
                                    || parameter.name().equals("charset") && isUtf8(parameter.value()));
        }

        private static boolean isUtf8(String charset) {
            return charset.equalsIgnoreCase("utf-8") || charset.equalsIgnoreCase("us-ascii");
        }

        private static boolean isAsItStands(String encoding) {
            return encoding.equalsIgnoreCase("binary")
                    || encoding.equalsIgnoreCase("8bit")
                    || encoding.equalsIgnoreCase("7bit");
        }

        FormPart part() {
            String fault = null;
            if (name == null) {
                fault = "a part needs one `Content-Disposition: form-data; name=\"...\"`";
            } else if (hasEncodedWord(plainName(name))) {
                fault = "a part has its name encoded";
            } else if (plainName(name).equals(CHARSET_PART)) {
                fault = "the part `_charset_` is not taken: send UTF-8";
            }
            return new FormPart(name, file, plain, length, fault);
        }
    }
}
