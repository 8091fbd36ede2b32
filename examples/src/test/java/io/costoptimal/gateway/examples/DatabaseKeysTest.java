package io.costoptimal.gateway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Services;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try")
class DatabaseKeysTest {

    @TempDir
    private Path folder;

    private final AtomicLong clock = new AtomicLong();
    private String url;

    @BeforeEach
    void create() throws SQLException {
        url = "jdbc:sqlite:" + folder.resolve("keys.db");
        run("CREATE TABLE gateway_keys (sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, models TEXT)");
        add("sk-all", "gpt-4*");
        add("sk-other", "claude-*,o3");
        add("sk-blanks", " claude-* , gpt-4o ,");
        add("sk-every", null);
        add("sk-none", " ");
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void add(String key, String models) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO gateway_keys VALUES (?, ?, ?)")) {
            insert.setString(1, DatabaseKeys.sha256(key));
            insert.setString(2, "owner of " + key);
            insert.setString(3, models);
            insert.execute();
        }
    }

    @Test
    void letsInWhoseKeyIsInTheDatabaseForItsModelsAlone() throws Exception {
        HttpServer provider = Clients.provider("answer");
        ModelRoutes model = new ModelRoutes(
                "gpt-4o", List.of(new Candidate(Clients.known("only", provider), null)), List.of(), null);
        Router router = new Router(new RouteTable(Map.of(), List.of(model), null, RetryOn.ALL));
        Services services =
                new Services(GatewayListener.NONE, exchange -> new LocalAnswer(200, "text/plain", new byte[0]));
        try (DatabaseKeys keys = new DatabaseKeys(url, clock::get);
                Gateway gateway =
                        Gateway.start(Clients.ANY, GatewaySettings.defaults(), new Snapshot(keys, router), services)) {
            int port = gateway.address().getPort();
            assertThat(Clients.chat(port, "sk-all").body()).isEqualTo("answer");
            assertThat(Clients.chat(port, "sk-other").statusCode()).isEqualTo(403);
            assertThat(Clients.chat(port, "sk-blanks").statusCode()).isEqualTo(200);
            assertThat(Clients.chat(port, "sk-every").statusCode())
                    .as("NULL is all models")
                    .isEqualTo(200);
            assertThat(Clients.chat(port, "sk-none").statusCode())
                    .as("no model is no key")
                    .isEqualTo(401);
            assertThat(Clients.chat(port, "sk-nobody").statusCode()).isEqualTo(401);

            run("DELETE FROM gateway_keys");
            assertThat(Clients.chat(port, "sk-all").statusCode())
                    .as("known for a minute")
                    .isEqualTo(200);
            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(Clients.chat(port, "sk-all").statusCode()).isEqualTo(401);

            run("DROP TABLE gateway_keys");
            assertThat(Clients.chat(port, "sk-all").statusCode())
                    .as("the database cannot tell")
                    .isEqualTo(503);
            keys.close();
            assertThat(Clients.chat(port, "sk-all").statusCode())
                    .as("nobody can be asked any more, which the pool says by throwing, as with a full queue")
                    .isEqualTo(503);
        } finally {
            provider.stop(0);
        }
    }
}
