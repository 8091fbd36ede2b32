package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.upstream.FileCredential;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file that holds one value, usually a secret that something else has put there.
 *
 * @param text without the line end behind it
 * @param openToAll whether every user of the machine may read it
 */
record SecretFile(String text, boolean openToAll) {

    /**
     * Reads a file, which blocks.
     *
     * @param folder where a relative path starts
     * @throws IllegalArgumentException saying what was expected
     */
    static SecretFile read(Path folder, String path) {
        try {
            Path file = folder.resolve(path);
            return new SecretFile(FileCredential.read(file), ConfigFile.openToAll(file));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("a file that can be read", e);
        }
    }

    /** Never prints the text. */
    @Override
    public String toString() {
        return "SecretFile[openToAll=" + openToAll + "]";
    }
}
