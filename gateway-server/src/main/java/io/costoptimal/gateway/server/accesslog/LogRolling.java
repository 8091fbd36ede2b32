package io.costoptimal.gateway.server.accesslog;

/**
 * When the file of the access log is put aside and a new one begun, and what becomes of those put aside.
 *
 * @param size bytes after which that is done; 0 for never
 * @param every how often it is done whatever the size
 * @param kept how many files that were put aside are kept; older ones are deleted
 * @param compressed whether those are compressed
 */
public record LogRolling(long size, Every every, int kept, boolean compressed) {

    /** One file for ever, or until somebody renames it. */
    public static final LogRolling NEVER = new LogRolling(0, Every.NEVER, 14, true);

    /** How often a new file is begun, in UTC, as the times in the lines are. */
    public enum Every {
        NEVER("yyyy-MM-dd"),
        HOUR("yyyy-MM-dd-HH"),
        DAY("yyyy-MM-dd"),
        MONTH("yyyy-MM");

        /** The date in the names of files put aside, in the form of {@link java.text.SimpleDateFormat}. */
        private final String date;

        Every(String date) {
            this.date = date;
        }

        String date() {
            return date;
        }
    }

    /** Whether anything is ever put aside. */
    boolean happens() {
        return size > 0 || every != Every.NEVER;
    }
}
