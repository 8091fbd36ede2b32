package io.costoptimal.gateway.server.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where the bytes of a log go: a file, or a standard stream. Blocks as the
 * file or pipe does. Confined to whoever holds its appender's lock.
 */
final class LineOutput implements AutoCloseable {

    /** {@code null} for a standard stream. */
    private final Path file;

    private FileChannel channel;

    /** The byte written last was not the end of a line. */
    private boolean withinLine;

    /** Writing failed within a line, the rest of which is lost. */
    private boolean torn;

    private LineOutput(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** A file that is appended to, or a pipe. */
    static LineOutput file(Path file) {
        return new LineOutput(file, null);
    }

    /** @param stream {@link FileDescriptor#out} or {@link FileDescriptor#err}; never closed */
    @SuppressWarnings("resource")
    static LineOutput standard(FileDescriptor stream) {
        return new LineOutput(null, new FileOutputStream(stream).getChannel());
    }

    /**
     * Writes {@code bytes}, moving their position past what was written. A line that an earlier failure has cut off is ended
     * first, so that no later line is lost with it.
     *
     * @throws IOException when not all of them could be written
     */
    void write(ByteBuffer bytes) throws IOException {
        if (!bytes.hasRemaining()) {
            return;
        }
        open();
        if (torn) {
            all(ByteBuffer.wrap(new byte[] {'\n'}));
            torn = false;
        }
        int start = bytes.position();
        try {
            all(bytes);
        } finally {
            int end = bytes.position();
            withinLine = end == start ? withinLine : bytes.get(end - 1) != '\n';
            torn = bytes.hasRemaining() && withinLine;
        }
    }

    private void all(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) <= 0) {
                throw new IOException("not ready to be written");
            }
        }
    }

    /**
     * Opens the file anew under its name, so that what was renamed is let go of. Does nothing where there is nothing to
     * rename: pipes, devices and standard streams.
     *
     * @throws IOException when that failed; the file that was open stays in use
     */
    void reopen() throws IOException {
        if (file == null || channel == null || Files.exists(file) && !Files.isRegularFile(file)) {
            return;
        }
        FileChannel former = channel;
        channel = opened();
        torn = false;
        withinLine = false;
        former.close();
    }

    /** Opens a file that is not open; waits until somebody reads where it is a pipe. */
    void open() throws IOException {
        if (channel == null) {
            channel = opened();
        }
    }

    private FileChannel opened() throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public void close() throws IOException {
        if (file != null && channel != null) {
            channel.close();
        }
    }

    @Override
    public String toString() {
        return file == null ? "standard stream" : file.toString();
    }
}
