package io.costoptimal.gateway.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Locale;

/** Why a connection got no further than its handshake. */
public enum HandshakeFailure {
    /** It speaks HTTP without TLS. */
    PLAIN_HTTP,
    /** It speaks nothing that is known here. */
    NOT_TLS,
    /** It took too long. */
    TIMEOUT,
    /** It closed before the end. */
    LEFT,
    /** No version, cipher or group is known to both. */
    NOTHING_IN_COMMON,
    /** The client showed no certificate, or one that is not good. */
    CLIENT_CERTIFICATE,
    /** The client said that it does not go on: mostly because it does not trust our certificate. */
    REFUSED_BY_CLIENT,
    /** Too many handshakes were going on. */
    OVERLOAD,
    /** Anything else, such as records that cannot be decrypted. */
    OTHER;

    /** What a handshake failed with, as far as its exception tells. */
    static HandshakeFailure of(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof NotSslRecordException) {
                return NOT_TLS;
            }
            if (at instanceof CertificateException) {
                return CLIENT_CERTIFICATE;
            }
            if (at instanceof ClosedChannelException) {
                return LEFT;
            }
        }
        return byText(cause.getMessage() == null ? "" : cause.getMessage().toUpperCase(Locale.ROOT));
    }

    /** BoringSSL and the JDK tell by their texts only. */
    private static HandshakeFailure byText(String text) {
        if (text.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE")
                || text.contains("CERTIFICATE_VERIFY_FAILED")
                || text.contains("EMPTY CLIENT CERTIFICATE")) {
            return CLIENT_CERTIFICATE;
        }
        if (text.contains("_ALERT_") || text.contains("RECEIVED FATAL ALERT")) {
            return REFUSED_BY_CLIENT;
        }
        if (text.contains("NO_SHARED")
                || text.contains("UNSUPPORTED_PROTOCOL")
                || text.contains("WRONG_VERSION")
                || text.contains("NO_COMMON")
                || text.contains("NO CIPHER SUITES IN COMMON")
                || text.contains("CLIENT REQUESTED PROTOCOL")
                || text.contains("UNABLE TO FIND KEY MATERIAL")) {
            return NOTHING_IN_COMMON;
        }
        return OTHER;
    }
}
