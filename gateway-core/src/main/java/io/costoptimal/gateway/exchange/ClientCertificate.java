package io.costoptimal.gateway.exchange;

import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * By what a client has proved itself in a TLS handshake. Immutable.
 *
 * @param ids the certificate's digest, {@code sha256:} and hex digits, and then its alternative names, each as {@link #id} writes it
 * @param expiresAtMillis since 1970
 */
public record ClientCertificate(List<String> ids, long expiresAtMillis) {

    private static final String DIGEST = "sha256:";
    private static final int HEX_DIGITS = 64;

    /** Kinds of alternative names (RFC 5280 section 4.2.1.6) that can stand in a configuration. */
    private static final int EMAIL = 1;

    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    public ClientCertificate {
        ids = List.copyOf(ids);
    }

    /** Reads one that was verified. */
    public static ClientCertificate of(X509Certificate certificate) {
        List<String> ids = new ArrayList<>();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            ids.add(DIGEST + HexFormat.of().formatHex(digest));
            if (certificate.getSubjectAlternativeNames() != null) {
                for (List<?> name : certificate.getSubjectAlternativeNames()) {
                    if (name.get(1) instanceof String text) {
                        add(ids, (Integer) name.get(0), text);
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a certificate that cannot be read", e);
        }
        return new ClientCertificate(ids, certificate.getNotAfter().getTime());
    }

    private static void add(List<String> ids, int kind, String text) {
        switch (kind) {
            case EMAIL -> ids.add("email:" + text);
            case DNS -> ids.add("dns:" + text.toLowerCase(Locale.ROOT));
            case URI -> ids.add("uri:" + text);
            case ADDRESS -> ids.add("ip:" + address(text));
            default -> {
                // Names of other kinds open nothing.
            }
        }
    }

    /**
     * How {@code text} of a configuration stands among {@link #ids}: a digest, a URI, an address of e-mail or IP, or the name of a
     * host. The kind belongs to it: a certificate for a host called like somebody's URI is not that somebody's.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    public static String id(String text) {
        if (text.startsWith(DIGEST)) {
            String hex = text.substring(DIGEST.length()).toLowerCase(Locale.ROOT);
            if (hex.length() != HEX_DIGITS || !hex.chars().allMatch(HexFormat::isHexDigit)) {
                throw new IllegalArgumentException("64 hexadecimal digits after sha256:");
            }
            return DIGEST + hex;
        }
        if (address(text) != null) {
            return "ip:" + address(text);
        }
        if (text.matches("[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+")) {
            return "uri:" + text;
        }
        if (text.matches("[^\\s@]+@[^\\s@]+")) {
            return "email:" + text;
        }
        if (text.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
            return "dns:" + text.toLowerCase(Locale.ROOT);
        }
        throw new IllegalArgumentException(
                "sha256: and 64 hexadecimal digits, or one alternative name of the certificate as it is, without wildcards");
    }

    /** The shortest form of an IP address; {@code null} when {@code text} is none. */
    private static String address(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null ? null : NetUtil.bytesToIpAddress(bytes);
    }
}
