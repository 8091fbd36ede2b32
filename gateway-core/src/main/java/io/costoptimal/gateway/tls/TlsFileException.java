package io.costoptimal.gateway.tls;

import java.nio.file.Path;

/** A file of a certificate or a key that cannot be used; the message names the file and says why, and nothing of a key. */
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param reason for people */
    public TlsFileException(Path file, String reason) {
        this(file, reason, null);
    }

    /** @param cause {@code null} when the reason says all */
    public TlsFileException(Path file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
    }
}
