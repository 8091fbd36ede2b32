package io.costoptimal.gateway.tls;

import io.netty.util.NetUtil;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A certificate with those that lead to its root, and its key. Immutable.
 *
 * @param chain the certificate of this server first
 * @param key of that first certificate
 * @param names of hosts that it is for, in lower case; a wildcard stands for the first label
 */
public record ServerCertificate(List<X509Certificate> chain, PrivateKey key, Set<String> names) {

    private static final Integer DNS_NAME = 2; // GeneralName of RFC 5280 section 4.2.1.6

    public ServerCertificate {
        chain = List.copyOf(chain);
        names = Set.copyOf(names);
    }

    /** One for the names that the certificate has. */
    public ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
        this(chain, key, namesOf(chain.get(0)));
    }

    /**
     * Reads both files.
     *
     * @param password of the key; {@code null} when it has none
     * @throws TlsFileException when one cannot be used, or they are not for each other
     */
    public static ServerCertificate read(Path certificate, Path key, String password) throws TlsFileException {
        List<X509Certificate> chain = Pem.certificates(certificate);
        PrivateKey secret = Pem.privateKey(key, password);
        if (!belongs(secret, chain.get(0))) {
            throw new TlsFileException(key, "not the key of the first certificate in " + certificate);
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new TlsFileException(
                        certificate, "certificate " + (i + 1) + " did not sign the one before (expected: that order)");
            }
        }
        return new ServerCertificate(chain, secret);
    }

    /** The certificate of this server itself. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] proof = "gateway".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(proof);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(proof);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }

    /** The alternative names that are of hosts; without any, the common name, as some tools still write certificates. */
    private static Set<String> namesOf(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            if (certificate.getSubjectAlternativeNames() != null) {
                for (List<?> name : certificate.getSubjectAlternativeNames()) {
                    if (DNS_NAME.equals(name.get(0))) {
                        names.add(((String) name.get(1)).toLowerCase(Locale.ROOT));
                    }
                }
                return names;
            }
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")
                        && !NetUtil.isValidIpV4Address(part.getValue().toString())) {
                    names.add(part.getValue().toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (GeneralSecurityException | InvalidNameException unreadable) {
            // A certificate for no name is served to whoever asks for no other.
        }
        return names;
    }

    /** Never prints the key. */
    @Override
    public String toString() {
        return "ServerCertificate" + names;
    }
}
