package io.costoptimal.gateway.server.ledger.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.PGProperty;

/**
 * Where a ledger's database is, and as whom to ask for it: {@code postgres://user:password@host:5432/database?sslmode=require}.
 * Immutable.
 *
 * <p>{@code postgresql://} and {@code jdbc:postgresql://} mean the same. Parameters have the names of the driver's, or those that
 * the server's own programs give them.
 */
public final class PostgresAddress {

    private static final String EXPECTED = "an address such as postgres://user:password@host:5432/database";

    /** What else the driver calls parameters that the server's own programs know. */
    private static final Map<String, String> DRIVERS = Map.of(
            "application_name", "ApplicationName",
            "connect_timeout", "connectTimeout",
            "search_path", "currentSchema");

    /** What holds unless the address says otherwise; times are seconds. */
    private static final Map<String, String> STANDARDS = Map.of(
            "ApplicationName", "cost-optimal-gateway",
            "connectTimeout", "5",
            "socketTimeout", "30",
            "tcpKeepAlive", "true",
            // Details of an error may hold what a client has sent, and errors are logged.
            "logServerErrorDetail", "false");

    private final String hosts;
    private final String database;
    private final Map<String, String> parameters;

    private PostgresAddress(String hosts, String database, Map<String, String> parameters) {
        this.hosts = hosts;
        this.database = database;
        this.parameters = parameters;
    }

    /**
     * Reads {@code uri}.
     *
     * @throws IllegalArgumentException saying what was expected, without anything of {@code uri} that may be secret
     */
    public static PostgresAddress of(String uri) {
        String rest = uri.startsWith("jdbc:") ? uri.substring("jdbc:".length()) : uri;
        int scheme = rest.indexOf("://");
        if (scheme < 0 || !rest.startsWith("postgres://") && !rest.startsWith("postgresql://")) {
            throw new IllegalArgumentException(EXPECTED);
        }
        rest = rest.substring(scheme + 3);
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        int at = authority.lastIndexOf('@');
        String hosts = authority.substring(at + 1);
        String database = slash < 0 ? "" : decoded(place.substring(slash + 1));
        if (hosts.isEmpty() || database.isEmpty() || database.contains("/")) {
            throw new IllegalArgumentException(EXPECTED);
        }
        Map<String, String> parameters = new LinkedHashMap<>(STANDARDS);
        if (at >= 0) {
            credentials(authority.substring(0, at), parameters);
        }
        if (query >= 0) {
            parameters(rest.substring(query + 1), parameters);
        }
        return new PostgresAddress(hosts, database, parameters);
    }

    private static void credentials(String text, Map<String, String> parameters) {
        int colon = text.indexOf(':');
        parameters.put("user", decoded(colon < 0 ? text : text.substring(0, colon)));
        if (colon >= 0) {
            parameters.put("password", decoded(text.substring(colon + 1)));
        }
    }

    private static void parameters(String text, Map<String, String> parameters) {
        for (String each : text.split("&")) {
            if (!each.isEmpty()) {
                int equals = each.indexOf('=');
                String written = equals < 0 ? each : each.substring(0, equals);
                String name = DRIVERS.getOrDefault(written, written);
                if (equals < 0 || PGProperty.forName(name) == null) {
                    throw new IllegalArgumentException("parameters of PostgreSQL's JDBC driver, not " + written);
                }
                parameters.put(name, decoded(each.substring(equals + 1)));
            }
        }
    }

    /** A plus stands for itself: these are no forms. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(EXPECTED + ", with %25 for %", e);
        }
    }

    /** Hosts with their ports, as the driver takes them. */
    String hosts() {
        return hosts;
    }

    String database() {
        return database;
    }

    /** The driver's parameters, secrets among them. */
    Map<String, String> parameters() {
        return parameters;
    }

    /** Where it is, without secrets. */
    @Override
    public String toString() {
        return hosts + '/' + database;
    }
}
