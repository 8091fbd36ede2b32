package io.costoptimal.gateway.server.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks once a second whether a configuration file, or a file that it names by {@code ${file:PATH}}, holds something else
 * than before. Confined to its own thread.
 *
 * <p>It compares contents, not times: a folder that is swapped by a symbolic link, as Kubernetes does, has files of any age.
 * What has changed is taken over once it was found the same twice, so that no file is read while it is being written.
 */
public final class ConfigWatch {

    private static final long PERIOD_MILLIS = 1_000;
    private static final int MAX_BYTES = 256 * 1024;
    private static final Pattern NAMED = Pattern.compile("\\$\\{file:([^}]+)}");

    private final Path file;
    private final Runnable changed;
    private int taken;
    private int seen;

    /** @param changed run when there is something new */
    ConfigWatch(Path file, Runnable changed) {
        this.file = file;
        this.changed = changed;
        taken = state();
        seen = taken;
    }

    /** Begins to look, until the process ends. */
    public static void start(Path file, Runnable changed) {
        ConfigWatch watch = new ConfigWatch(file, changed);
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            Thread.sleep(PERIOD_MILLIS);
                            watch.look();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "config-watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Looks once. */
    void look() {
        int now = state();
        boolean settled = now == seen;
        seen = now;
        if (settled && now != taken) {
            taken = now;
            changed.run();
        }
    }

    /** A number that stands for everything that is read; a file that cannot be read is as good as an empty one. */
    private int state() {
        byte[] config = bytes(file);
        List<byte[]> all = new ArrayList<>(List.of(config));
        Path folder = file.toAbsolutePath().getParent();
        Matcher named = NAMED.matcher(new String(config, StandardCharsets.UTF_8));
        while (named.find()) {
            try {
                all.add(bytes(folder.resolve(named.group(1))));
            } catch (InvalidPathException e) {
                all.add(new byte[0]);
            }
        }
        return Arrays.deepHashCode(all.toArray());
    }

    private static byte[] bytes(Path file) {
        if (!Files.isRegularFile(file)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}
