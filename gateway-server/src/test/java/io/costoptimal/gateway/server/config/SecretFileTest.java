package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.upstream.FileCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ${file:PATH}} in values. */
class SecretFileTest {

    @TempDir
    private Path folder;

    private final List<String> warnings = new ArrayList<>();
    private Path secret;

    @BeforeEach
    void write() throws IOException {
        secret = Files.writeString(folder.resolve("token"), "s3cret\n");
        mode(secret, "rw-------");
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private GatewayConfig load(String token) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), """
                api_keys: ["sha256:20718655760be389996f514fc26beb6b7db25835a31b42a9294f9fc668ac9dca"]
                providers: [{id: a, base_url: 'http://a.test', access_token: '%s'}]
                default_provider: a
                """.formatted(token));
        mode(file, "rw-r--r--");
        return ConfigFile.load(file, Map.of(), warning -> warnings.add(warning.toString()));
    }

    private String token(String written) throws Exception {
        return load(written).routing().providers().get("a").access().token();
    }

    @ParameterizedTest
    @CsvSource({"'s', s", "'s\n', s", "'s\r\n', s", "' s t \n', ' s t '"})
    void takesWhatTheFileHoldsButForTheLineEnd(String content, String value) throws Exception {
        Files.writeString(secret, content);
        assertThat(token("x${file:token}x")).isEqualTo("x" + value + "x");
        assertThat(token("x${file:" + secret + "}x")).isEqualTo("x" + value + "x");
        assertThat(warnings).isEmpty();
    }

    @Test
    void warnsOfAFileThatEverybodyMayRead() throws Exception {
        mode(secret, "rw-r--r--");
        assertThat(token("${file:token}")).isEqualTo("s3cret");
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("gateway.yaml:2:")
                .contains("every user of this machine may read token")
                .doesNotContain("s3cret");
    }

    private GatewayConfig loadProvider(String keys) throws Exception {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), """
                api_keys: ["sha256:20718655760be389996f514fc26beb6b7db25835a31b42a9294f9fc668ac9dca"]
                providers: [{id: a, base_url: 'http://a.test', %s}]
                default_provider: a
                """.formatted(keys));
        mode(file, "rw-r--r--");
        return ConfigFile.load(file, Map.of(), warning -> warnings.add(warning.toString()));
    }

    @Test
    void keepsReadingAFileThatIsNamedAsOne() throws Exception {
        for (String path : List.of("token", secret.toString())) {
            Provider.Access access = loadProvider("access_token_file: '" + path + "'")
                    .routing()
                    .providers()
                    .get("a")
                    .access();
            assertThat(access.credential()).isEqualTo(FileCredential.of(secret));
            assertThat(access.token()).isEqualTo("s3cret");
            assertThat(access.toString()).doesNotContain("s3cret");
        }
        assertThat(warnings).isEmpty();

        mode(secret, "rw-r--r--");
        loadProvider("access_token_file: token");
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("access_token_file: every user of this machine may read token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            access_token_file: nowhere                    | access_token_file: nowhere (expected: a file that can be read)
            access_token_file: .                          | access_token_file: . (expected: a file that can be read)
            access_token_file: token, access_token: other | access_token_file beside access_token
            access_token_file: token, credential: client  | credential: client beside a credential in access_token
            api_key_file: token                           | access_token_file
            """)
    void refusesAFileThatCannotBeUsed(String keys, String problem) {
        assertThatThrownBy(() -> loadProvider(keys))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .contains(problem)
                                .doesNotContain("s3cret"));
    }

    @Test
    void saysWhichFileCannotBeReadAndNeverWhatOneHolds() throws IOException {
        assertThatThrownBy(() -> load("${file:nowhere}"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .hasToString(folder.resolve("gateway.yaml")
                                        + ":2:63: access_token: ${file:nowhere} (expected: a file that can be read)"));
        Files.write(secret, new byte[] {'s', (byte) 0xff});
        assertThatThrownBy(() -> load("${file:token}"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .endsWith("${file:token} (expected: a file in UTF-8)"));
        Files.writeString(secret, "s3cret\u0007\n");
        assertThatThrownBy(() -> load("${file:token}"))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refused -> assertThat(refused.problems())
                                .singleElement()
                                .asString()
                                .doesNotContain("s3cret"));
    }
}
