package io.costoptimal.gateway.tls;

import io.costoptimal.gateway.tls.TlsSettings.Clients;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Makes contexts: TLS 1.2 and 1.3, ciphers that keep what was said secret after a key is stolen, no early data, no renegotiation,
 * no compression. Immutable; any thread.
 */
final class ContextFactory {

    /** The first three are of TLS 1.3. All of them are allowed with HTTP/2 (RFC 9113 section 9.2.2). */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    private final SslProvider provider;
    private final boolean http2;
    private final ClientAuth auth;
    private final TrustManager trust;

    /**
     * @param http2 whether clients are offered HTTP/2
     * @throws SSLException when {@code clients} cannot be verified by these authorities
     */
    ContextFactory(SslProvider provider, boolean http2, Clients clients) throws SSLException {
        this.provider = provider;
        this.http2 = http2;
        this.auth = switch (clients.auth()) {
            case NONE -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
        try {
            this.trust = clients.authorities().isEmpty() ? new Nobody() : trusting(clients.authorities());
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new SSLException("client_ca cannot be used: " + e.getMessage(), e);
        }
        if (provider == SslProvider.JDK && System.getProperty(NO_RENEGOTIATION) == null) {
            // BoringSSL never lets a client renegotiate; the JDK has to be told.
            System.setProperty(NO_RENEGOTIATION, "true");
        }
    }

    /** A context of its own with one reference, which the caller releases. */
    SslContext context(ServerCertificate certificate) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(new OwnKey(certificate))
                .sslProvider(provider)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .clientAuth(auth)
                .trustManager(trust);
        String[] offered = http2
                ? new String[] {ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1}
                : new String[] {ApplicationProtocolNames.HTTP_1_1};
        return builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        offered))
                .build();
    }

    private static TrustManager trusting(List<X509Certificate> authorities)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("client-" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers()[0];
    }

    /** Trusts no client; without it every context would load all that the platform trusts. */
    private static final class Nobody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("no client is asked for a certificate");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
