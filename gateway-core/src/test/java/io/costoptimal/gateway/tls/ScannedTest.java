package io.costoptimal.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TlsGateway;
import io.netty.pkitesting.CertificateBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scanner finds at a listener: old versions, weak ciphers and known holes, of which there are none. */
@Timeout(120)
class ScannedTest {

    private final TestCertificates certificates = new TestCertificates();

    @Test
    void aScannerFindsTheVersionsAndCiphersThatAreMeantAndNoHole() throws Exception {
        ServerCertificate rsa =
                TestCertificates.server(certificates.issue(new CertificateBuilder().rsa2048(), "localhost"));
        try (TlsGateway gateway = TlsGateway.start(1, rsa)) {
            String found = run("sslscan", "--no-colour", "--sni-name=localhost", "127.0.0.1:" + gateway.port());

            for (String version : List.of("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1")) {
                assertThat(found).containsPattern("(?m)^" + Pattern.quote(version) + "\\s+disabled$");
            }
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                assertThat(found).containsPattern("(?m)^" + Pattern.quote(version) + "\\s+enabled$");
            }
            assertThat(ciphers(found))
                    .containsExactlyInAnyOrder(
                            "TLS_AES_128_GCM_SHA256",
                            "TLS_AES_256_GCM_SHA384",
                            "TLS_CHACHA20_POLY1305_SHA256",
                            "ECDHE-RSA-AES128-GCM-SHA256",
                            "ECDHE-RSA-AES256-GCM-SHA384",
                            "ECDHE-RSA-CHACHA20-POLY1305");
            assertThat(found).contains("Session renegotiation not supported").doesNotContain("Compression enabled");
            assertThat(found.lines().filter(line -> line.contains("heartbleed")))
                    .allMatch(line -> line.contains("not vulnerable"));
        }
    }

    @Test
    void openSslGetsNoEarlyData() throws Exception {
        try (TlsGateway gateway = TlsGateway.start(1, certificates.server("localhost"))) {
            String said = run(
                    "openssl",
                    "s_client",
                    "-connect",
                    "127.0.0.1:" + gateway.port(),
                    "-servername",
                    "localhost",
                    "-tls1_3",
                    "-ign_eof",
                    "-msg");
            assertThat(said).contains("Secure Renegotiation IS NOT supported").contains("Max Early Data: 0");
        }
    }

    private static TreeSet<String> ciphers(String found) {
        return Pattern.compile("(?m)^(?:Preferred|Accepted)\\s+TLSv1\\.\\d\\s+\\d+ bits\\s+(\\S+)")
                .matcher(found)
                .results()
                .map(cipher -> cipher.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a program says that is sent one request; the test is skipped where it is not installed. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "there is no " + command[0] + " here");
            throw e;
        }
        process.getOutputStream()
                .write("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
