package io.costoptimal.gateway.http;

/**
 * What must not stand in a path, because those who read it do not agree what it means: dot segments, which some resolve,
 * and slashes, backslashes and dots that come in disguise. Stateless.
 */
public final class PathRules {

    private PathRules() {}

    /**
     * Whether {@code path}, as it stands in a request line, is ambiguous: it has a dot segment (RFC 3986 section 5.2.4), an
     * empty segment before its last, a backslash, or an escaped slash, backslash or dot.
     */
    public static boolean isAmbiguous(String path) {
        if (path.contains("//") || path.indexOf('\\') >= 0 || hasDotSegment(path)) {
            return true;
        }
        for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
            if (escapes(path, i, '2', 'f') || escapes(path, i, '2', 'e') || escapes(path, i, '5', 'c')) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether {@code path}, which is not ambiguous, is a path of segments that are written without escapes, by the characters
     * of RFC 3986, 3.3; so that an operator can write it.
     */
    public static boolean isPlain(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean alphanumeric = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && "/-._~!$&'()+,;=:@".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean escapes(String path, int percent, char high, char low) {
        return percent + 2 < path.length()
                && path.charAt(percent + 1) == high
                && (path.charAt(percent + 2) | 0x20) == low;
    }

    /** Whether one of the pieces between the slashes and backslashes of {@code text} is {@code .} or {@code ..}. */
    public static boolean hasDotSegment(String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == '/' || text.charAt(i) == '\\') {
                if (isDots(text, start, i)) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    private static boolean isDots(String text, int start, int end) {
        int n = end - start;
        return n > 0 && n <= 2 && text.charAt(start) == '.' && text.charAt(end - 1) == '.';
    }
}
