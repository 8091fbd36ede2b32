package io.costoptimal.gateway.upstream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** TLS towards providers: one context for all of them, so that sessions are resumed. Stateless. */
public final class Tls {

    /** How long a close may wait for the provider to take what was written. */
    private static final long CLOSE_NOTIFY_MILLIS = 500;

    private Tls() {}

    /**
     * A context that trusts what the JDK trusts, and more. BoringSSL where it is available, else the JDK's own; TLS 1.2
     * or newer; HTTP/1.1 is the only protocol offered.
     *
     * @param alsoTrusted certificates of private providers or of those who signed them; may be empty
     * @throws IllegalStateException when the platform's trust store or TLS cannot be used
     */
    public static SslContext context(Collection<X509Certificate> alsoTrusted) {
        try {
            return SslContextBuilder.forClient()
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                    .trustManager(trust(alsoTrusted))
                    .protocols("TLSv1.3", "TLSv1.2")
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException | GeneralSecurityException e) {
            throw new IllegalStateException("TLS cannot be used: " + e.getMessage(), e);
        }
    }

    /** Secures a connection to {@code origin}, whose name is verified whatever {@code context} says; see {@link #flaw}. */
    static SslHandler handler(SslContext context, ByteBufAllocator alloc, Origin origin) {
        SslHandler tls = context.newHandler(alloc, origin.host(), origin.port());
        SSLParameters parameters = tls.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(CertificateName.isFor(origin.host()) ? null : "HTTPS");
        tls.engine().setSSLParameters(parameters);
        tls.setHandshakeTimeoutMillis(0); // the deadline of the whole attempt covers it
        tls.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return tls;
    }

    /** What is wrong with a handshake that succeeded; {@code null} when the provider has proved its name. */
    static Throwable flaw(SslHandler tls, Origin origin) {
        if (!CertificateName.isFor(origin.host())) {
            return null;
        }
        try {
            CertificateName.verify(tls.engine(), origin.host());
            return null;
        } catch (SSLPeerUnverifiedException e) {
            return e;
        }
    }

    private static TrustManagerFactory trust(Collection<X509Certificate> alsoTrusted) throws GeneralSecurityException {
        TrustManagerFactory platform = factory(null);
        if (alsoTrusted.isEmpty()) {
            return platform;
        }
        try {
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            int n = 0;
            for (X509Certificate certificate : issuers(platform)) {
                all.setCertificateEntry("platform-" + n++, certificate);
            }
            for (X509Certificate certificate : alsoTrusted) {
                all.setCertificateEntry("configured-" + n++, certificate);
            }
            return factory(all);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static List<X509Certificate> issuers(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return List.of(x509.getAcceptedIssuers());
            }
        }
        return List.of();
    }

    private static TrustManagerFactory factory(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
