package io.costoptimal.gateway.accept;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The file by which clients find a Unix domain socket. Used by the thread that starts or closes a gateway; every method may
 * wait for the disk.
 *
 * <p>A socket is bound to a name that nobody knows, gets its mode, and only then a second name: the one that was asked for. So
 * nobody connects before the mode is set. A link, other than a rename, never replaces what another process has put there
 * meanwhile.
 */
public final class SocketFile {

    private final Path path;
    private final Set<PosixFilePermission> mode;
    /** What the file system knows the socket by; {@code null} while {@link #path} is not ours. */
    private Object key;
    /** The same while the file is still that of the process whose socket was taken over; else {@code null}. */
    private Object borrowed;

    /** @param mode who may connect: those whom it lets write */
    public SocketFile(Path path, Set<PosixFilePermission> mode) {
        this.path = path.toAbsolutePath();
        this.mode = mode;
    }

    /** Where the socket is to be bound first: beside the file, so that it can be linked. A new name for each call. */
    public Path hidden() {
        String unique = Long.toString(ProcessHandle.current().pid(), 36)
                + Integer.toString(System.identityHashCode(new Object()), 36);
        return path.resolveSibling("." + unique);
    }

    /**
     * Removes the file of a process that has ended without doing it.
     *
     * @throws IOException when somebody listens there, or when the file is no socket
     */
    public void removeStale() throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException free) {
            return;
        }
        if (!found.isOther()) {
            throw new FileAlreadyExistsException(path.toString(), null, "is there, and is no socket");
        }
        refuseIfAlive(path);
        // Another process may have come to the same conclusion, and listen there by now: so the file is put aside, and
        // removed only if it is still the dead one.
        Path aside = hidden();
        Files.move(path, aside);
        try {
            refuseIfAlive(aside);
        } catch (IOException alive) {
            Files.createLink(path, aside);
            throw alive;
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private void refuseIfAlive(Path socket) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A full queue of a process that is busy would make a blocking connect wait.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException refused) {
            return;
        }
        throw new IOException("another process listens there");
    }

    /** Gives the socket that is bound to {@code hidden} its mode, and then its name. */
    public void publish(Path hidden) throws IOException {
        try {
            Files.setPosixFilePermissions(hidden, mode);
            Files.createLink(path, hidden);
            key = key();
        } finally {
            Files.deleteIfExists(hidden);
        }
    }

    /**
     * The file is there already, made by another process whose socket is taken over. It stays that process's until
     * {@link #adopt}.
     */
    public void borrow() throws IOException {
        borrowed = key();
    }

    /** The other process listens no more: what {@link #borrow} found is this one's to remove. Nothing if that was not called. */
    public void adopt() {
        if (borrowed != null) {
            key = borrowed;
            borrowed = null;
        }
    }

    /** The file belongs to another process from now on. */
    public void leave() {
        key = null;
        borrowed = null;
    }

    /** Removes the file if it is this process's, and still is the one that {@link #publish} made or {@link #borrow} found. */
    public void remove() {
        try {
            if (key != null && key.equals(key())) {
                Files.deleteIfExists(path);
            }
        } catch (IOException gone) {
            // Whoever listens there next removes it.
        }
        key = null;
    }

    private Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
