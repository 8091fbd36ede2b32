package io.costoptimal.gateway.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file that holds one value, usually a secret that something else has put there.
 *
 * @param text without the line end behind it
 * @param openToAll whether every user of the machine may read it
 */
record SecretFile(String text, boolean openToAll) {

    /** More than any credential has. */
    private static final int MAX_BYTES = 64 * 1024;

    /**
     * Reads a file, which blocks.
     *
     * @param folder where a relative path starts
     * @throws IllegalArgumentException saying what was expected
     */
    static SecretFile read(Path folder, String path) {
        try {
            Path file = folder.resolve(path);
            // Neither a folder nor a pipe, which may have nothing to read for ever.
            if (!Files.isRegularFile(file)) {
                throw new IllegalArgumentException("a file that can be read");
            }
            return new SecretFile(
                    withoutLineEnd(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes(file)))
                            .toString()),
                    ConfigFile.openToAll(file));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a file in UTF-8", e);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("a file that can be read", e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException("a file of at most 64 KB");
            }
            return bytes;
        }
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        end -= text.endsWith("\n") ? 1 : 0;
        end -= text.startsWith("\r", end - 1) ? 1 : 0;
        return text.substring(0, end);
    }

    /** Never prints the text. */
    @Override
    public String toString() {
        return "SecretFile[openToAll=" + openToAll + "]";
    }
}
