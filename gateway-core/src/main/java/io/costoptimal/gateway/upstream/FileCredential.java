package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.upstream.RefreshedCredential.Token;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A credential that something else puts into a file, and replaces there. Any thread. The file is read again at most every five
 * seconds, by a thread of its own and only while requests come; when it cannot be read, or holds nothing that can be sent, the
 * last one stands.
 *
 * <p>Two of the same file are equal.
 */
public final class FileCredential implements CredentialSource {

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 64 * 1024;

    /** Made with the first file. */
    private static final class Reader {
        static final Executor THREAD = Executors.newSingleThreadExecutor(read -> {
            Thread thread = new Thread(read, "gateway-credential-files");
            thread.setDaemon(true);
            return thread;
        });
    }

    private final Path file;
    private final RefreshedCredential credential;

    private FileCredential(Path file, String first, InstantSource time, Executor reader) {
        this.file = file;
        this.credential = new RefreshedCredential(
                () -> CompletableFuture.supplyAsync(() -> token(file, time), reader), present(first, time), time);
    }

    /**
     * Reads {@code file} now, which waits for it, and again whenever its credential is used later.
     *
     * @throws IllegalArgumentException when it cannot be read, or holds nothing that can be sent; its message says what was
     *     expected, and does not show what it holds
     */
    public static FileCredential of(Path file) {
        return of(file, InstantSource.system(), Reader.THREAD);
    }

    /** The same by another clock, with another thread to read. */
    static FileCredential of(Path file, InstantSource time, Executor reader) {
        Path absolute = file.toAbsolutePath();
        return new FileCredential(absolute, ProviderCheck.credential(read(absolute)), time, reader);
    }

    private static Token present(String value, InstantSource time) {
        return new Token(value, time.instant().plus(LOOK), Instant.MAX);
    }

    private static Token token(Path file, InstantSource time) {
        try {
            return present(read(file), time);
        } catch (IllegalArgumentException e) {
            throw new UnusableCredential(file + " (expected: " + e.getMessage() + ")");
        }
    }

    /**
     * What a file holds, in UTF-8, but for the line end behind it. Waits for the file.
     *
     * @throws IllegalArgumentException whose message says what was expected
     */
    public static String read(Path file) {
        // Neither a folder nor a pipe, which may have nothing to read for ever.
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("a file that can be read");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException("a file of at most 64 KB");
            }
            ByteBuffer content = ByteBuffer.wrap(bytes);
            return withoutLineEnd(
                    StandardCharsets.UTF_8.newDecoder().decode(content).toString());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a file in UTF-8", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("a file that can be read", e);
        }
    }

    private static String withoutLineEnd(String text) {
        int end = text.length();
        end -= text.endsWith("\n") ? 1 : 0;
        end -= text.startsWith("\r", end - 1) ? 1 : 0;
        return text.substring(0, end);
    }

    @Override
    public String now() {
        return credential.now();
    }

    @Override
    public CompletableFuture<String> later() {
        return credential.later();
    }

    @Override
    public void refused(String refused) {
        credential.refused(refused);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileCredential that && that.file.equals(file);
    }

    @Override
    public int hashCode() {
        return file.hashCode();
    }

    /** Never prints a secret. */
    @Override
    public String toString() {
        return "FileCredential[" + file + "]";
    }
}
