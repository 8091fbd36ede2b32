package io.costoptimal.gateway.server.runtime;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.server.metrics.Exposition;
import io.costoptimal.gateway.server.metrics.Metrics;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The operators' listener: {@code GET /metrics}, {@code /healthz} and {@code /readyz}, which it still answers while clients
 * are no longer listened to. On the JDK's own HTTP server and its own threads, off the event loops.
 *
 * <p>Metrics need a key of role {@code admin} unless the listener is on loopback.
 */
final class AdminServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads;
    private final Metrics metrics;
    private final Supplier<Keys> keys;
    private final BooleanSupplier draining;

    private AdminServer(HttpServer server, Metrics metrics, Supplier<Keys> keys, BooleanSupplier draining) {
        this.server = server;
        this.metrics = metrics;
        this.keys = keys;
        this.draining = draining;
        this.threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "admin");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts one.
     *
     * @param keys the present ones, asked for each request
     * @throws IOException when {@code address} cannot be listened on
     */
    static AdminServer start(InetSocketAddress address, Metrics metrics, Supplier<Keys> keys, BooleanSupplier draining)
            throws IOException {
        // Seconds; without these one client that never finishes its request holds a thread for good.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "10");
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException("admin.listen " + NetUtil.toSocketAddressString(address) + ": " + e.getMessage(), e);
        }
        AdminServer admin = new AdminServer(server, metrics, keys, draining);
        server.setExecutor(admin.threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                admin.answer(exchange);
            }
        });
        server.start();
        return admin;
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, text(405, "method not allowed"));
            return;
        }
        switch (exchange.getRequestURI().getPath()) {
            case "/healthz" -> send(exchange, LocalAnswers.OK);
            case "/readyz" -> send(exchange, LocalAnswers.ready(draining));
            case "/metrics" ->
                send(exchange, letIn(exchange) ? metrics(exchange) : text(401, "needs a key of role admin"));
            default -> send(exchange, text(404, "not found"));
        }
    }

    private boolean letIn(HttpExchange exchange) {
        if (exchange.getLocalAddress().getAddress().isLoopbackAddress()) {
            return true;
        }
        String credential = exchange.getRequestHeaders().getFirst("Authorization");
        if (credential == null) {
            return false;
        }
        Principal owner = keys.get().find(CredentialFields.bearer(credential).strip());
        return owner != null && owner.role() == Principal.Role.ADMIN;
    }

    /** The format is the one that the scraper asks for; caches on the way are told so. */
    private LocalAnswer metrics(HttpExchange exchange) throws IOException {
        List<String> accept = exchange.getRequestHeaders().get("Accept");
        Exposition scraped = metrics.scrape(accept == null ? null : String.join(",", accept));
        exchange.getResponseHeaders().set("Vary", "Accept");
        return new LocalAnswer(200, scraped.contentType(), scraped.text());
    }

    private static LocalAnswer text(int status, String body) {
        return new LocalAnswer(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, LocalAnswer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : answer.body().length);
        if (!head) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
