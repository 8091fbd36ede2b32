package io.costoptimal.gateway.server.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where the bytes of a log go: a file, a pipe, or a standard stream. Waits as the disk or pipe does. Confined to whoever
 * writes the log.
 *
 * <p>A file holds whole lines only. When a write fails within a line, the beginning of that line is cut off again; where
 * nothing can be cut off, as in a pipe, the next write ends that line first.
 */
final class LineOutput implements AutoCloseable {

    private static final byte LINE_END = '\n';

    /** {@code null} for a standard stream. */
    private final Path file;

    private FileChannel channel;

    /** Which file is open; {@code null} for what is no regular file. */
    private OpenFile opened;

    /** Bytes in the open file, if nobody else has changed it. */
    private long size;

    /** The last byte that stands in the output is not the end of a line. */
    private boolean withinLine;

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
     * Writes lines, and again into a new file if the open one turns out to be deleted. Opens what is not open.
     *
     * @param lines whole lines; borrowed. Its position is moved past the last line that stands in the output
     * @throws IOException when lines are left
     */
    void write(ByteBuffer lines) throws IOException {
        int start = lines.position();
        open();
        append(lines);
        if (isDeleted()) {
            lines.position(start);
            close();
            open();
            append(lines);
        }
    }

    private void append(ByteBuffer lines) throws IOException {
        int start = lines.position();
        try {
            if (withinLine) {
                put(ByteBuffer.wrap(new byte[] {LINE_END}));
                withinLine = false;
            }
            put(lines);
        } catch (IOException e) {
            if (isDeleted()) {
                lines.position(start);
            } else {
                endAtALine(lines, start);
            }
            if (opened != null) {
                // Its name may be usable before this open file is, after a file system was mounted anew.
                close();
            }
            throw e;
        }
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int n = channel.write(bytes);
            if (n <= 0) {
                throw new IOException("not ready to be written");
            }
            size += n;
        }
    }

    /** After a failure: what was written ends within a line or at the end of one. */
    private void endAtALine(ByteBuffer lines, int start) {
        int end = lines.position();
        if (end == start) {
            return;
        }
        if (lines.hasRemaining() && lines.get(end) == LINE_END) {
            // Only its end is missing, which comes with the next write.
            lines.position(end + 1);
            withinLine = true;
            return;
        }
        int lineStart = end;
        while (lineStart > start && lines.get(lineStart - 1) != LINE_END) {
            lineStart--;
        }
        lines.position(lineStart);
        withinLine = lineStart < end && !cutOff(end - lineStart);
    }

    /** Takes the last {@code bytes} out of the file again; {@code false} where that cannot be done. */
    private boolean cutOff(int bytes) {
        try {
            if (opened == null || channel.size() != size) {
                return false;
            }
            channel.truncate(size - bytes);
            size -= bytes;
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isDeleted() {
        return opened != null && opened.isDeleted();
    }

    /** Bytes in the open file; 0 for what is no regular file, or when nothing is open. */
    long size() {
        return opened == null ? 0 : size;
    }

    /**
     * Opens a file that is not open; waits until somebody reads where it is a pipe.
     *
     * @throws IOException when it cannot be opened
     */
    void open() throws IOException {
        if (channel != null) {
            return;
        }
        channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try {
            opened = OpenFile.of(file);
            size = opened == null ? 0 : channel.size();
            withinLine = size > 0 && OpenFile.lastByte(file, size) != LINE_END;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Whether a regular file is open: it may be renamed and opened anew, as pipes, devices and standard streams may not. */
    boolean isRegularFile() {
        return opened != null;
    }

    /** Closes what is open; the next write opens it. Does nothing to a standard stream. Never throws. */
    @Override
    public void close() {
        if (file == null || channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone all the same, and what was written is with the system.
        }
        channel = null;
        opened = null;
        size = 0;
        withinLine = false;
    }

    @Override
    public String toString() {
        return file == null ? "standard stream" : file.toString();
    }
}
