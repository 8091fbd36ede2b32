package io.costoptimal.gateway.testing;

import io.costoptimal.gateway.tls.ServerCertificate;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An authority made on the spot, and what it signs. Any thread. */
public final class TestCertificates {

    private final X509Bundle authority;

    public TestCertificates() {
        try {
            authority = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=authority")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Who signs. */
    public X509Certificate authority() {
        return authority.getCertificate();
    }

    /** A certificate for hosts called {@code names}, less than 128 bytes of them, with its chain and key. */
    public X509Bundle issue(String... names) {
        return issue(new CertificateBuilder().ecp256(), names);
    }

    /** The same for a certificate that has been begun. */
    public X509Bundle issue(CertificateBuilder begun, String... names) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (String name : names) {
            list.write(0x82); // dNSName of RFC 5280 section 4.2.1.6; the builder takes no wildcards
            list.write(name.length());
            list.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        }
        byte[] extension = new byte[2 + list.size()];
        extension[0] = 0x30; // sequence
        extension[1] = (byte) list.size();
        System.arraycopy(list.toByteArray(), 0, extension, 2, list.size());
        begun.subject("CN=leaf");
        try {
            return (names.length == 0 ? begun : begun.addExtensionOctetString("2.5.29.17", false, extension))
                    .buildIssuedBy(authority);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The same as a listener takes it. */
    public ServerCertificate server(String... names) {
        return server(issue(names));
    }

    /** What a listener takes of a certificate. */
    public static ServerCertificate server(X509Bundle bundle) {
        return new ServerCertificate(
                List.of(bundle.getCertificatePath()), bundle.getKeyPair().getPrivate());
    }

    /** Writes {@code name.pem}, the certificate and its chain, and {@code name.key} into {@code folder}. */
    public static void write(Path folder, String name, X509Bundle bundle) throws IOException {
        Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePathPEM());
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    }

    /** A client that trusts this authority. */
    public SSLContext client() {
        return TlsSocket.trusting(authority());
    }

    /** A client that proves itself by {@code bundle}, too. */
    public SSLContext client(X509Bundle bundle) {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(bundle.toKeyStore(new char[0]), new char[0]);
            KeyManager[] keys = factory.getKeyManagers();
            return TlsSocket.trusting(authority(), keys);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
