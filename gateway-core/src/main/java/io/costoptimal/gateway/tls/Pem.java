package io.costoptimal.gateway.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys in text form (RFC 7468). Stateless; reads files, and so is not for event loops. */
public final class Pem {

    private static final long MOST_BYTES = 1024 * 1024;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s*(.*?)\\s*-----END \\1-----", Pattern.DOTALL);

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";

    private Pem() {}

    /**
     * The certificates in {@code file}, in its order; at least one.
     *
     * @throws TlsFileException when it cannot be read, or holds none
     */
    public static List<X509Certificate> certificates(Path file) throws TlsFileException {
        List<X509Certificate> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(text(file));
        while (block.find()) {
            if (block.group(1).endsWith(CERTIFICATE)) {
                found.add(certificate(file, decoded(file, block.group(2))));
            }
        }
        if (found.isEmpty()) {
            throw new TlsFileException(file, "no certificate in PEM form");
        }
        return found;
    }

    /**
     * The first private key in {@code file}.
     *
     * @param password {@code null} when it has none
     * @throws TlsFileException when it cannot be read, holds none, or one that cannot be used
     */
    public static PrivateKey privateKey(Path file, String password) throws TlsFileException {
        Matcher block = BLOCK.matcher(text(file));
        while (block.find()) {
            if (block.group(1).endsWith(KEY)) {
                if (block.group(2).startsWith("Proc-Type:")) {
                    throw new TlsFileException(
                            file, "the key is encrypted in OpenSSL's old form (expected: openssl pkcs8 -topk8)");
                }
                try {
                    return PrivateKeys.read(block.group(1), decoded(file, block.group(2)), password);
                } catch (GeneralSecurityException e) {
                    throw new TlsFileException(file, e.getMessage(), e);
                }
            }
        }
        throw new TlsFileException(file, "no private key in PEM form");
    }

    private static X509Certificate certificate(Path file, byte[] der) throws TlsFileException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsFileException(file, "a certificate that cannot be read", e);
        }
    }

    private static byte[] decoded(Path file, String base64) throws TlsFileException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new TlsFileException(file, "not base64 between BEGIN and END", e);
        }
    }

    private static String text(Path file) throws TlsFileException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new TlsFileException(file, "longer than " + MOST_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new TlsFileException(file, "no such file", e);
        } catch (CharacterCodingException e) {
            throw new TlsFileException(file, "not text in PEM form", e);
        } catch (IOException e) {
            throw new TlsFileException(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}
