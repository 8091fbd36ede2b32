package io.costoptimal.gateway.exchange;

/**
 * A model name as a configuration writes it. A {@code *} in it stands for any characters, or for none; every other
 * character stands for itself, in exactly that case. Immutable, any thread.
 *
 * @param text as written
 */
public record ModelPattern(String text) {

    private static final char ANY = '*';

    /** Whether there is a {@code *} in {@code text}, so that it can stand for more than one name. */
    public static boolean isWildcard(String text) {
        return text.indexOf(ANY) >= 0;
    }

    /** Whether the whole of {@code name} fits. */
    public boolean matches(String name) {
        int at = 0;
        int wanted = 0;
        int star = -1;
        int retry = 0;
        while (at < name.length()) {
            if (wanted < text.length() && text.charAt(wanted) == ANY) {
                star = wanted++;
                retry = at;
            } else if (wanted < text.length() && text.charAt(wanted) == name.charAt(at)) {
                wanted++;
                at++;
            } else if (star >= 0) {
                // The last star takes one character more, and the rest is tried again behind it.
                wanted = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        while (wanted < text.length() && text.charAt(wanted) == ANY) {
            wanted++;
        }
        return wanted == text.length();
    }

    /** How much of a name it fixes: its characters other than {@code *}. Of two that match, the longer one is meant. */
    public int length() {
        return (int) text.chars().filter(c -> c != ANY).count();
    }
}
