package io.costoptimal.gateway.server.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the address of a PostgreSQL is read. */
class PostgresAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://me:p%40ss%2Fw+rd@db:5433/ledger?sslmode=require&connect_timeout=9",
                "postgresql://me:p%40ss%2Fw+rd@db:5433/ledger?sslmode=require&connectTimeout=9",
                "jdbc:postgresql://db:5433/ledger?user=me&password=p%40ss%2Fw+rd&sslmode=require&connect_timeout=9",
            })
    void everyFormMeansTheSame(String uri) {
        PostgresAddress address = PostgresAddress.of(uri);
        assertThat(address.hosts()).isEqualTo("db:5433");
        assertThat(address.database()).isEqualTo("ledger");
        assertThat(address.parameters())
                .containsEntry("user", "me")
                .containsEntry("password", "p@ss/w+rd")
                .containsEntry("sslmode", "require")
                .containsEntry("connectTimeout", "9")
                .containsEntry("socketTimeout", "30");
    }

    @Test
    void severalHostsAreTriedInTheirOrder() {
        PostgresAddress address = PostgresAddress.of("postgres://me@one:5432,two:5432/l?targetServerType=primary");
        assertThat(address.hosts()).isEqualTo("one:5432,two:5432");
    }

    @Test
    void itIsPrintedWithoutItsSecrets() {
        assertThat(PostgresAddress.of("postgres://me:secret@db/ledger?sslpassword=hidden"))
                .hasToString("db/ledger");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file:usage.db",
                "host=db user=me password=secret dbname=ledger",
                "mysql://me:secret@db/ledger",
                "postgres://me:secret@db",
                "postgres://me:secret@db/",
                "postgres:///ledger",
                "postgres://me:secret@db/ledger?sslmod=require",
                "postgres://me:secret%zz@db/ledger",
            })
    void whatIsNoAddressIsRefusedWithoutItsSecrets(String uri) {
        assertThatThrownBy(() -> PostgresAddress.of(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }
}
