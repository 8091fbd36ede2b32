package io.costoptimal.gateway.server.ledger.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names of a ledger's files: {@code usage.db} stands for {@code usage-2026-11.db}, one for each month in UTC, and others
 * beside it. A file of the very name that was configured is somebody else's and never touched. Immutable.
 */
public final class SqliteFiles {

    private static final String SUFFIX = ".db";

    private final Path folder;
    private final String stem;

    private SqliteFiles(Path folder, String stem) {
        this.folder = folder;
        this.stem = stem;
    }

    /**
     * The files of {@code uri}: a path, with {@code file:} before it and parameters behind it, which mean nothing here.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    public static SqliteFiles of(String uri) {
        String path = uri.startsWith("file:") ? uri.substring("file:".length()) : uri;
        int parameters = path.indexOf('?');
        path = parameters < 0 ? path : path.substring(0, parameters);
        path = path.startsWith("///") ? path.substring(2) : path;
        if (path.isEmpty() || path.contains(":memory:") || path.startsWith("//") || path.endsWith("/")) {
            throw new IllegalArgumentException("the path of a file, such as file:usage.db");
        }
        try {
            Path file = Path.of(path).toAbsolutePath();
            String name = file.getFileName().toString();
            String stem = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
            return new SqliteFiles(file.getParent(), stem);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("the path of a file, such as file:usage.db", e);
        }
    }

    /** The month that holds {@code millis} since 1970. */
    static YearMonth monthOf(long millis) {
        return YearMonth.from(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }

    /** First millisecond of {@code month}. */
    static long startOf(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    /** Rows and roll-ups of one month. */
    Path month(YearMonth month) {
        return folder.resolve(stem + '-' + month + SUFFIX);
    }

    /** Roll-ups of the months whose rows are gone. */
    Path summary() {
        return folder.resolve(stem + "-summary" + SUFFIX);
    }

    /** Whose the objects are that providers keep. */
    Path objects() {
        return folder.resolve(stem + "-objects" + SUFFIX);
    }

    /** Held by the process that writes. */
    Path lock() {
        return folder.resolve(stem + ".lock");
    }

    /** Rows that the database has refused, as lines of JSON. */
    public Path rejected() {
        return folder.resolve(stem + "-rejected.jsonl");
    }

    /** The months that have a file, oldest first. */
    SortedMap<YearMonth, Path> months() throws IOException {
        SortedMap<YearMonth, Path> months = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, this::maybeMonth)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                try {
                    months.put(
                            YearMonth.parse(name.substring(stem.length() + 1, name.length() - SUFFIX.length())), file);
                } catch (DateTimeParseException e) {
                    // Something else of a similar name.
                }
            }
        } catch (NoSuchFileException e) {
            // No folder, no months.
        }
        return months;
    }

    private boolean maybeMonth(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith(stem + '-') && name.endsWith(SUFFIX) && name.length() > stem.length() + SUFFIX.length();
    }

    /** Deletes a database with what belongs to it; the database last, so that what is left of a broken end is found again. */
    static void delete(Path database) throws IOException {
        Files.deleteIfExists(Path.of(database + "-shm"));
        Files.deleteIfExists(Path.of(database + "-wal"));
        Files.deleteIfExists(database);
    }

    @Override
    public String toString() {
        return folder.resolve(stem + SUFFIX).toString();
    }
}
