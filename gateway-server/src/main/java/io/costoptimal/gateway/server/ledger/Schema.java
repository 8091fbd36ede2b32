package io.costoptimal.gateway.server.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a ledger's tables look like, as one file of SQL for each version, the same for every kind of database. A store that
 * has an older version runs the files after it, in order. Stateless.
 *
 * <p>To change the tables: a file with the next number, {@link #VERSION}, and the constants of {@link Column} or {@link Sum}.
 * A file that was released is never changed.
 */
public final class Schema {

    /** The version that this program writes. */
    public static final int VERSION = 1;

    private Schema() {}

    /**
     * The statements that make version {@code version} of the one before.
     *
     * @param words what the database calls {@code {integer}}, {@code {text}}, {@code {bytes}}, {@code {table}} and {@code {attempts}}
     */
    public static List<String> statements(int version, Map<String, String> words) {
        String sql = read(version + ".sql").replaceAll("--[^\n]*\n", "");
        for (Map.Entry<String, String> word : words.entrySet()) {
            sql = sql.replace('{' + word.getKey() + '}', word.getValue());
        }
        List<String> statements = new ArrayList<>();
        for (String statement : sql.split(";")) {
            if (!statement.isBlank()) {
                statements.add(statement.strip());
            }
        }
        return statements;
    }

    private static String read(String name) {
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
