package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ClientCertificate;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.tls.TlsFiles;
import io.costoptimal.gateway.tls.TlsSettings.ClientAuth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code tls} of listeners, and certificates of clients. */
class TlsConfigTest {

    private static final String PAIR = "certificates: [{certificate: a.pem, key: a.key}]";

    @TempDir
    Path folder;

    @BeforeEach
    void writes() throws Exception {
        TestCertificates certificates = new TestCertificates();
        TestCertificates.write(folder, "a", certificates.issue("a.test"));
        TestCertificates.write(folder, "b", certificates.issue("a.test", "b.test"));
        Files.write(folder.resolve("secret"), new byte[32]);
        Files.write(folder.resolve("short"), new byte[31]);
        Files.writeString(folder.resolve("text"), "hello");
    }

    @Test
    void readsTheShortFormAndTheLong() throws Exception {
        TlsFiles expected = new TlsFiles(
                List.of(new TlsFiles.Pair(folder.resolve("a.pem"), folder.resolve("a.key"), null)),
                folder.resolve("b.pem"),
                ClientAuth.OPTIONAL,
                folder.resolve("secret"));
        String tls = "{" + PAIR + ", client_ca: b.pem, client_auth: optional, ticket_secret_file: secret}";

        GatewayConfig.Server brief = load("listen_tls: " + tls).server();
        GatewayConfig.Server full = load("listeners: [{listen: ':1', tls: " + tls
                        + "}, {listen: ':2'}]\nadmin: {listen: ':3', tls: " + tls + "}")
                .server();

        assertThat(brief.listeners().get(0).tls()).isEqualTo(expected);
        assertThat(full.listeners().get(0).tls()).isEqualTo(expected);
        assertThat(full.listeners().get(1).tls()).isNull();
        assertThat(full.admin().tls()).isEqualTo(expected);
        assertThat(expected.read().clients().auth()).isEqualTo(ClientAuth.OPTIONAL);
    }

    @Test
    void aClientMustHaveACertificateUnlessToldOtherwise() throws Exception {
        assertThat(load("listen_tls: {" + PAIR + ", client_ca: b.pem}")
                        .server()
                        .listeners()
                        .get(0)
                        .tls()
                        .clientAuth())
                .isEqualTo(ClientAuth.REQUIRED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                   | missing key: certificates",
                "{certificates: []}                                   | certificates: a list (expected: at least one item)",
                "{certificates: [{certificate: a.pem}]}               | missing key: key",
                "{certificates: [{certificate: no.pem, key: a.key}]}  | certificate: FOLDER/no.pem: no such file",
                "{certificates: [{certificate: text, key: a.key}]}    | certificate: FOLDER/text: no certificate in PEM form",
                "{certificates: [{certificate: a.pem, key: text}]}    | certificate: FOLDER/text: no private key in PEM form",
                "{certificates: [{certificate: a.pem, key: b.key}]}   | certificate: FOLDER/b.key: not the key of the first certificate in FOLDER/a.pem",
                "{PAIR, client_auth: optional}                        | client_auth: without client_ca (expected: both, or neither)",
                "{PAIR, client_ca: text}                              | client_ca: FOLDER/text: no certificate in PEM form",
                "{PAIR, client_ca: b.pem, client_auth: no}            | client_auth: no (expected: optional or required)",
                "{PAIR, ticket_secret_file: short}                    | ticket_secret_file: FOLDER/short: 31 bytes (expected: 32 to 4096 random bytes)",
                "{PAIR, ciphers: all}                                 | unknown key: ciphers",
            })
    void saysWhichFileCannotBeUsedAndWhy(String tls, String problem) {
        assertThat(problems("listen_tls: " + tls.replace("PAIR", PAIR)))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:3:")
                .contains(problem.replace("FOLDER", folder.toString()));
    }

    @Test
    void warnsOfASecondCertificateForAName() throws Exception {
        List<String> warnings = new ArrayList<>();
        String two = "listen_tls: {certificates: [{certificate: a.pem, key: a.key}, {certificate: b.pem, key: b.key}]}";
        ConfigFile.parse("gateway.yaml", bytes(two), folder, Map.of(), warning -> warnings.add(warning.toString()));
        assertThat(warnings)
                .anyMatch(warning ->
                        warning.contains("one before this is for a.test too, and is the one that is served"));
    }

    @Test
    void tlsBesideListenersIsRefused() {
        assertThat(problems("listen_tls: {" + PAIR + "}\nlisteners: [{listen: ':1'}]"))
                .singleElement()
                .asString()
                .contains("listen_tls: beside listeners");
    }

    @Test
    void operatorsMayBeServedBeyondLoopbackOverTls() {
        assertThat(problems("admin: {listen: '0.0.0.0:1', tls: {" + PAIR + "}}"))
                .isEmpty();
        assertThat(problems("admin: {listen: '0.0.0.0:1'}"))
                .singleElement()
                .asString()
                .contains("tls or insecure: true");
    }

    @Test
    void readsWhichCertificatesActAsAKey() throws Exception {
        String digest = "ab".repeat(32);
        GatewayConfig config = ConfigFile.parse(
                "gateway.yaml",
                ("api_keys: [{key: k, name: team, client_certificates: ['sha256:" + digest.toUpperCase()
                                + "', 'spiffe://a/b', A.test, 10.0.0.1, '::1', a@b.test]}]\n"
                                + "providers: [{id: a, base_url: 'http://a.test'}]\n")
                        .getBytes(StandardCharsets.UTF_8),
                folder,
                Map.of());
        for (String id : List.of(
                "sha256:" + digest, "uri:spiffe://a/b", "dns:a.test", "ip:10.0.0.1", "ip:::1", "email:a@b.test")) {
            assertThat(config.snapshot().keys().certified(new ClientCertificate(List.of("other", id), 0)))
                    .as(id)
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.name()).isEqualTo("team"));
        }
        assertThat(config.snapshot().keys().certified(new ClientCertificate(List.of("dns:spiffe://a/b"), 0)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'sha256:12'      | 64 hexadecimal digits after sha256:",
                "'*.test'         | without wildcards",
                "''               | without wildcards",
                "a.test, A.test   | a certificate that no key has already",
            })
    void refusesWhatIdentifiesNoCertificate(String item, String problem) {
        String yaml = "api_keys: [{key: k, client_certificates: [" + item + "]}]\n"
                + "providers: [{id: a, base_url: 'http://a.test'}]\n";
        assertThat(Configs.problems(yaml)).singleElement().asString().contains(problem);
    }

    private GatewayConfig load(String lines) throws ConfigException {
        return ConfigFile.parse("gateway.yaml", bytes(lines), folder, Map.of());
    }

    private List<String> problems(String lines) {
        try {
            load(lines);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    private static byte[] bytes(String lines) {
        return (LEAST + lines + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
