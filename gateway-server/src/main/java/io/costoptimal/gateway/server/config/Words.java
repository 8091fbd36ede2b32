package io.costoptimal.gateway.server.config;

import java.util.Collection;

/** Finds what somebody probably meant to write. */
final class Words {

    /** Longer words are cut before they are compared; nothing we know is longer. */
    private static final int LONGEST = 128;

    private Words() {}

    /**
     * The known word with the smallest edit distance, the first of equals; {@code null} when none is near. Near is one edit,
     * and one more for every three letters.
     */
    static String nearest(String word, Collection<String> known) {
        String cut = word.substring(0, Math.min(word.length(), LONGEST));
        String nearest = null;
        int best = Math.max(1, cut.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(cut, candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** {@code " (nearest: word)"}, or nothing when nothing is near. */
    static String hint(String word, Collection<String> known) {
        String nearest = nearest(word, known);
        return nearest == null ? "" : " (nearest: " + nearest + ")";
    }

    /** Insertions, deletions, replacements and swaps of neighbours that turn {@code a} into {@code b}. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                d[i][j] = i == 0 ? j : j == 0 ? i : step(d, a, b, i, j);
            }
        }
        return d[a.length()][b.length()];
    }

    private static int step(int[][] d, String a, String b, int i, int j) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(d[i - 1][j - 1] + cost, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
    }
}
