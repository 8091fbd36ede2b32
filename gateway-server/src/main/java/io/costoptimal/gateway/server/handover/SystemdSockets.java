package io.costoptimal.gateway.server.handover;

import io.costoptimal.gateway.Listener;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The sockets that systemd opened for this process (sd_listen_fds(3)): they stay open while the service restarts, and clients
 * wait in their queues. Stateless.
 */
public final class SystemdSockets {

    private static final int FIRST = 3;
    private static final int MOST = 256;

    /** {@code O_NONBLOCK} of Linux. */
    private static final int NON_BLOCKING = 04000;

    private static final int FLAGS = 3;
    private static final int INODE = 6;
    private static final int PATH = 7;
    private static final String LISTENING = "00010000";

    private SystemdSockets() {}

    /**
     * Reads what {@code environment} says.
     *
     * @throws IOException when that is no listening socket, or one that would block
     */
    public static Inherited of(Map<String, String> environment) throws IOException {
        Inherited sockets = new Inherited(false);
        String pid = Long.toString(ProcessHandle.current().pid());
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (!pid.equals(environment.get("LISTEN_PID")) || count.isEmpty()) {
            return sockets;
        }
        if (!count.matches("[0-9]{1,3}") || Integer.parseInt(count) > MOST) {
            throw new IOException("LISTEN_FDS: " + count + " (expected: a number up to " + MOST + ")");
        }
        for (int descriptor = FIRST; descriptor < FIRST + Integer.parseInt(count); descriptor++) {
            if (!blocksNot(descriptor)) {
                throw new IOException("LISTEN_FDS: descriptor " + descriptor
                        + " blocks (expected: NonBlocking=yes in the unit of the service)");
            }
            sockets.add(address(descriptor), descriptor);
        }
        return sockets;
    }

    private static boolean blocksNot(int descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
            if (line.startsWith("flags:")) {
                return (Integer.parseInt(line.substring("flags:".length()).strip(), 8) & NON_BLOCKING) != 0;
            }
        }
        return false;
    }

    private static String address(int descriptor) throws IOException {
        String link =
                Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        if (!link.startsWith("socket:[")) {
            throw new IOException("LISTEN_FDS: descriptor " + descriptor + " is " + link + " (expected: a socket)");
        }
        String file = file(link.substring("socket:[".length(), link.length() - 1));
        return file != null ? "unix:" + file : Listener.text(new Socket(descriptor).localAddress());
    }

    /** The file of a listening Unix domain socket; {@code null} when it is none. */
    private static String file(String inode) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/net/unix"));
        for (String line : lines) {
            String[] columns = line.strip().split(" +", PATH + 1);
            if (columns.length > PATH && columns[INODE].equals(inode) && columns[FLAGS].equals(LISTENING)) {
                return columns[PATH];
            }
        }
        return null;
    }
}
