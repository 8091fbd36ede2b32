package io.costoptimal.gateway.server.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks once a second whether a configuration file, or a file that it names by {@code ${file:PATH}} or as its {@code prices_file}, holds something else
 * than before. Confined to its own thread.
 *
 * <p>It compares contents, not times: a folder that is swapped by a symbolic link, as Kubernetes does, has files of any age.
 * What has changed is taken over once it was found the same twice, so that no file is read while it is being written.
 */
public final class ConfigWatch {

    private static final long PERIOD_MILLIS = 1_000;
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_PRICES = 16 * 1024 * 1024;
    private static final Pattern NAMED = Pattern.compile("\\$\\{file:([^}]+)}");
    private static final Pattern PRICES =
            Pattern.compile("(?m)^prices_file:[ \\t]*[\"']?([^\"'#\\r\\n]+?)[\"']?[ \\t]*(?:#.*)?$");

    private final Path file;
    private final Runnable changed;
    private List<ByteBuffer> taken;
    private List<ByteBuffer> seen;

    /**
     * Remembers what {@code file} holds now: make one before the file is loaded, or a change between the two is missed.
     *
     * @param changed run when there is something new
     */
    public ConfigWatch(Path file, Runnable changed) {
        this.file = file;
        this.changed = changed;
        taken = state();
        seen = taken;
    }

    /** Begins to look, until the process ends. Once. */
    public void start() {
        Thread thread = new Thread(this::run, "config-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once. */
    void look() {
        List<ByteBuffer> now = state();
        boolean settled = now.equals(seen);
        seen = now;
        if (settled && !now.equals(taken)) {
            taken = now;
            changed.run();
        }
    }

    /** Everything that is read, file by file; a file that cannot be read is as good as an empty one. */
    private List<ByteBuffer> state() {
        byte[] config = bytes(file, MAX_BYTES);
        List<ByteBuffer> all = new ArrayList<>(List.of(ByteBuffer.wrap(config)));
        Path folder = file.toAbsolutePath().getParent();
        String text = new String(config, StandardCharsets.UTF_8);
        add(all, folder, NAMED.matcher(text), MAX_BYTES);
        add(all, folder, PRICES.matcher(text), MAX_PRICES);
        return all;
    }

    private static void add(List<ByteBuffer> all, Path folder, Matcher named, int most) {
        while (named.find()) {
            try {
                all.add(ByteBuffer.wrap(bytes(folder.resolve(named.group(1)), most)));
            } catch (InvalidPathException e) {
                all.add(ByteBuffer.allocate(0));
            }
        }
    }

    private static byte[] bytes(Path file, int most) {
        if (!Files.isRegularFile(file)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
