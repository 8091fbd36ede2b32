package io.costoptimal.gateway.server.accesslog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Tells whether a regular file that is open still has a name. One that was renamed has: whoever renames a log and then sends
 * SIGHUP finds all lines up to the signal in it. One that was deleted has none, and what is written to it is lost. Confined to
 * whoever writes to the file.
 */
final class OpenFile {

    /** The files this process has open, each a link by which even a deleted file can be asked for. Linux only. */
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Path name;

    /** Device and number; {@code null} on systems without. */
    private final Object key;

    /** The link in {@link #DESCRIPTORS}, once it was needed. */
    private Path descriptor;

    private OpenFile(Path name, Object key) {
        this.name = name;
        this.key = key;
    }

    /**
     * The file that was opened just now under {@code name}.
     *
     * @return {@code null} when it is no regular file
     * @throws IOException when it is already gone
     */
    static OpenFile of(Path name) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(name, BasicFileAttributes.class);
        return attributes.isRegularFile() ? new OpenFile(name, attributes.fileKey()) : null;
    }

    /** Asks the file system one question, as long as the file has the name it was opened under. */
    boolean isDeleted() {
        if (key == null || key.equals(keyOf(name))) {
            return false;
        }
        if (descriptor == null || !key.equals(keyOf(descriptor))) {
            descriptor = find();
        }
        try {
            return descriptor != null && (Integer) Files.getAttribute(descriptor, "unix:nlink") == 0;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private Path find() {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path link : links) {
                if (key.equals(keyOf(link))) {
                    return link;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No such folder on this system: then a file counts as renamed until it is opened anew.
        }
        return null;
    }

    /** Device and number; {@code null} when there is no such file, or no such thing on this system. */
    private static Object keyOf(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** The last of {@code size} bytes; a line end if it cannot be read. */
    static byte lastByte(Path file, long size) {
        ByteBuffer last = ByteBuffer.allocate(1);
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.read(last, size - 1) == 1 ? last.get(0) : (byte) '\n';
        } catch (IOException e) {
            return '\n';
        }
    }
}
