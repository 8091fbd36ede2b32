package io.costoptimal.gateway.server.clients;

import io.costoptimal.gateway.testing.TestCertificates;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A certificate of {@code localhost} for listeners, in files, and what clients need to believe it.
 *
 * @param yaml the value of a listener's {@code tls}
 * @param trust of clients
 */
public record ListenerTls(String yaml, Trust trust) {

    /** Makes an authority and a certificate, and writes them to {@code folder}. */
    public static ListenerTls issue(Path folder) throws Exception {
        TestCertificates certificates = new TestCertificates();
        X509Bundle bundle = certificates.issue("localhost");
        Path chain = Files.writeString(folder.resolve("chain.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("key.pem"), bundle.getPrivateKeyPEM());
        Path authority = Files.writeString(folder.resolve("authority.pem"), bundle.getRootCertificatePEM());
        return new ListenerTls(
                "{certificates: [{certificate: %s, key: %s}]}".formatted(chain, key),
                new Trust(authority, certificates.client(), manager(certificates)));
    }

    private static X509TrustManager manager(TestCertificates certificates) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", certificates.authority());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
