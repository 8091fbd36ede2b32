package io.costoptimal.gateway.upstream;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Verification of host names with an underscore. No host of the Internet has such a name, so the JDK refuses to verify one,
 * and to ask for one by SNI (RFC 6066 section 3); hosts in the networks of containers have. Stateless.
 */
final class CertificateName {

    private static final Integer DNS_NAME = 2; // GeneralName of RFC 5280 section 4.2.1.6

    private CertificateName() {}

    /** Whether {@code host} needs this class, and not the JDK. */
    static boolean isFor(String host) {
        return host.indexOf('_') >= 0;
    }

    /**
     * Finds {@code host} in the certificate that was verified otherwise by the handshake.
     *
     * @throws SSLPeerUnverifiedException when it is not there
     */
    static void verify(SSLEngine engine, String host) throws SSLPeerUnverifiedException {
        if (!(engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate)
                || !names(certificate).stream()
                        .anyMatch(name -> DNS_NAME.equals(name.get(0)) && matches((String) name.get(1), host))) {
            throw new SSLPeerUnverifiedException("No subject alternative DNS name matching " + host + " found.");
        }
    }

    private static Collection<List<?>> names(X509Certificate certificate) throws SSLPeerUnverifiedException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            throw new SSLPeerUnverifiedException(e.getMessage());
        }
    }

    /** RFC 9525 section 6.3: a wildcard is the whole first label and stands for exactly one, and two labels follow it. */
    static boolean matches(String name, String host) {
        String pattern = name.toLowerCase(Locale.ROOT);
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && pattern.indexOf('.', 2) > 0 && host.substring(dot).equals(pattern.substring(1));
    }
}
