package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import io.costoptimal.gateway.tls.ServerTls;
import io.costoptimal.gateway.tls.TlsFileException;
import io.costoptimal.gateway.tls.TlsFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * TLS of all listeners, whose files are looked at every few seconds: what was renewed is for new connections, and what cannot be
 * used is logged and changes nothing. Any thread.
 */
final class TlsListeners implements AutoCloseable {

    /** What the operators' listener is called among the others. */
    static final String ADMIN = "admin";

    private static final Logger LOG = LogManager.getLogger(TlsListeners.class);
    private static final long PERIOD_MILLIS = 5_000;

    private final Map<String, Watched> listeners = new LinkedHashMap<>();
    private final Thread watch = new Thread(this::run, "tls-watch");

    /** One listener's files and what is made of them. Guarded by this object's monitor. */
    private static final class Watched {
        final ServerTls tls;
        TlsFiles files;
        /** What the files held when they were last taken over, or found to be of no use. */
        List<ByteBuffer> taken;

        List<ByteBuffer> seen;

        Watched(ServerTls tls, TlsFiles files, List<ByteBuffer> content) {
            this.tls = tls;
            this.files = files;
            taken = content;
            seen = content;
        }
    }

    /**
     * Reads the files of every listener that has some.
     *
     * @throws IOException naming the listener and the file that cannot be used
     */
    TlsListeners(GatewayConfig.Server server) throws IOException {
        try {
            Set<String> http2 = http2(server);
            for (Map.Entry<String, TlsFiles> entry : files(server).entrySet()) {
                String name = entry.getKey();
                List<ByteBuffer> content = content(entry.getValue());
                ServerTls tls = new ServerTls(name, entry.getValue().read(), http2.contains(name));
                listeners.put(name, new Watched(tls, entry.getValue(), content));
            }
        } catch (TlsFileException | SSLException e) {
            close();
            throw new IOException("tls: " + e.getMessage(), e);
        }
        watch.setDaemon(true);
        if (!listeners.isEmpty()) {
            watch.start();
        }
    }

    private static Map<String, TlsFiles> files(GatewayConfig.Server server) {
        Map<String, TlsFiles> files = new LinkedHashMap<>();
        List<String> names = names(server.listeners());
        for (int place = 0; place < names.size(); place++) {
            TlsFiles ofListener = server.listeners().get(place).tls();
            if (ofListener != null) {
                files.put(names.get(place), ofListener);
            }
        }
        if (server.admin() != null && server.admin().tls() != null) {
            files.put(ADMIN, server.admin().tls());
        }
        return files;
    }

    /**
     * What each of {@code listeners} is called: as it is written, and by its place among those that are written alike, as any
     * number of them may be with port 0. No two have the same name, and processes with the same listeners have the same names.
     */
    private static List<String> names(List<ClientListener> listeners) {
        Map<String, Integer> alike = new HashMap<>();
        return listeners.stream()
                .map(listener -> listener.at().toString())
                .map(text -> {
                    int number = alike.merge(text, 1, Integer::sum);
                    return number == 1 ? text : text + " (" + number + ')';
                })
                .toList();
    }

    /** The names of the listeners whose clients are offered HTTP/2; operators are not. */
    private static Set<String> http2(GatewayConfig.Server server) {
        List<String> names = names(server.listeners());
        return IntStream.range(0, names.size())
                .filter(place -> server.listeners().get(place).http2())
                .mapToObj(names::get)
                .collect(Collectors.toSet());
    }

    /** TLS of each of {@code listeners}, in their order; {@code null} for one that has none. */
    synchronized List<ServerTls> of(List<ClientListener> listeners) {
        List<ServerTls> all = new ArrayList<>();
        names(listeners).forEach(name -> all.add(of(name)));
        return all;
    }

    /** TLS of the listener that is called {@code name}; {@code null} when it has none. */
    synchronized ServerTls of(String name) {
        Watched listener = listeners.get(name);
        return listener == null ? null : listener.tls;
    }

    /** Each of them by its listener. */
    synchronized Map<String, ServerTls> all() {
        Map<String, ServerTls> all = new LinkedHashMap<>();
        listeners.forEach((name, listener) -> all.put(name, listener.tls));
        return all;
    }

    /** Takes over the files of listeners that have some and had some before; for others a restart is needed. */
    synchronized void reload(GatewayConfig.Server next) {
        files(next).forEach((name, files) -> {
            Watched listener = listeners.get(name);
            if (listener != null) {
                listener.files = files;
                take(name, listener, content(files));
            }
        });
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                look();
            }
        } catch (InterruptedException closed) {
            // Nothing to look at any more.
        }
    }

    /** Looks once. What has changed is taken over once it was found the same twice, and so is written to its end. */
    synchronized void look() {
        listeners.forEach((name, listener) -> {
            List<ByteBuffer> now = content(listener.files);
            boolean settled = now.equals(listener.seen);
            listener.seen = now;
            if (settled && !now.equals(listener.taken)) {
                take(name, listener, now);
            }
        });
    }

    private static void take(String name, Watched listener, List<ByteBuffer> content) {
        listener.taken = content;
        listener.seen = content;
        try {
            listener.tls.reload(listener.files.read());
            LOG.info(
                    "tls_reloaded listener={} certificates={}",
                    name,
                    listener.files.certificates().size());
        } catch (TlsFileException | SSLException | RuntimeException e) {
            LOG.error(
                    "tls_reload_failed listener={} problem=\"{}\" (expected: a pair that fits; the former one stays)",
                    name,
                    e.getMessage());
        }
    }

    /** File by file; one that cannot be read is as good as an empty one. */
    private static List<ByteBuffer> content(TlsFiles files) {
        List<ByteBuffer> all = new ArrayList<>();
        for (Path path : files.paths()) {
            try {
                all.add(ByteBuffer.wrap(Files.readAllBytes(path)));
            } catch (IOException e) {
                all.add(ByteBuffer.allocate(0));
            }
        }
        return all;
    }

    /** After all listeners are closed. */
    @Override
    public void close() {
        watch.interrupt();
        synchronized (this) {
            listeners.values().forEach(listener -> listener.tls.close());
        }
    }
}
