package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

    @TempDir
    Path folder;

    @Test
    void readsAFileOfCertificatesBesideTheConfiguration() throws Exception {
        X509Certificate some = anyCertificate();
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(some.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        Files.writeString(folder.resolve("ca.pem"), pem);

        assertThat(ConfigFile.load(config("ca.pem"), Map.of()).engine().alsoTrusted())
                .containsExactly(some);
    }

    @Test
    void refusesAFileWithoutCertificates() throws Exception {
        Files.writeString(folder.resolve("empty.pem"), "");
        Files.writeString(folder.resolve("text.pem"), "-----BEGIN CERTIFICATE-----\nhello\n");

        for (String file : new String[] {"empty.pem", "text.pem"}) {
            assertThatThrownBy(() -> ConfigFile.load(config(file), Map.of()))
                    .hasMessage(folder + "/gateway.yaml:3:16: ca_file: " + file
                            + " (expected: a file with certificates in PEM form)");
        }
    }

    private Path config(String caFile) throws Exception {
        return Files.writeString(folder.resolve("gateway.yaml"), LEAST + "tls: {ca_file: " + caFile + "}\n");
    }

    private static X509Certificate anyCertificate() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers()[0];
    }
}
