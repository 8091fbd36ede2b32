package io.costoptimal.gateway.tls;

import io.costoptimal.gateway.tls.TlsSettings.ClientAuth;
import io.costoptimal.gateway.tls.TlsSettings.Clients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a listener's certificates and keys are. Immutable; {@link #read} reads files, and so is not for event loops.
 *
 * @param certificates at least one; the first is for clients that ask for no name, or for one that no certificate has
 * @param clientCa who signs clients' certificates; {@code null} when none is asked for
 * @param clientAuth whether clients must have one; of no meaning without {@code clientCa}
 * @param ticketSecret a file of at least 32 bytes, see {@link TlsSettings#ticketSecret}; {@code null} for none
 */
public record TlsFiles(List<Pair> certificates, Path clientCa, ClientAuth clientAuth, Path ticketSecret) {

    private static final int LEAST_SECRET = 32;
    private static final int MOST_SECRET = 4096;

    public TlsFiles {
        certificates = List.copyOf(certificates);
    }

    /**
     * One certificate.
     *
     * @param certificate a file that holds it and then those that lead to its root
     * @param key a file that holds its key
     * @param password of the key; {@code null} when it has none
     */
    public record Pair(Path certificate, Path key, String password) {

        /** @throws TlsFileException when a file cannot be used, or they are not for each other */
        public ServerCertificate read() throws TlsFileException {
            return ServerCertificate.read(certificate, key, password);
        }

        /** Never prints the password. */
        @Override
        public String toString() {
            return "Pair[certificate=" + certificate + ", key=" + key + "]";
        }
    }

    /** @throws TlsFileException for the first file that cannot be used */
    public TlsSettings read() throws TlsFileException {
        List<ServerCertificate> read = new ArrayList<>();
        for (Pair pair : certificates) {
            read.add(pair.read());
        }
        Clients clients = clientCa == null ? Clients.UNASKED : new Clients(clientAuth, Pem.certificates(clientCa));
        return new TlsSettings(read, clients, ticketSecret == null ? null : secret(ticketSecret));
    }

    /**
     * What {@code file} holds, whatever it is.
     *
     * @throws TlsFileException when it cannot be read, or is too short for a secret
     */
    public static byte[] secret(Path file) throws TlsFileException {
        try {
            long size = Files.size(file);
            if (size < LEAST_SECRET || size > MOST_SECRET) {
                throw new TlsFileException(
                        file, size + " bytes (expected: " + LEAST_SECRET + " to " + MOST_SECRET + " random bytes)");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TlsFileException(file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    /** All of them, to see whether they have changed. */
    public List<Path> paths() {
        List<Path> paths = new ArrayList<>();
        for (Pair pair : certificates) {
            paths.add(pair.certificate());
            paths.add(pair.key());
        }
        if (clientCa != null) {
            paths.add(clientCa);
        }
        if (ticketSecret != null) {
            paths.add(ticketSecret);
        }
        return paths;
    }
}
