package io.costoptimal.gateway.load;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * What is measured: a provider on one core, and on the other core this gateway and its rivals, each with one worker and
 * kept connections to the provider. A rival that is not installed is skipped, and said.
 */
final class Stack implements AutoCloseable {

    static final int PROXY_CORE = Runtime.getRuntime().availableProcessors() > 1 ? 1 : 0;
    static final int LOAD_CORE = 0;
    static final String KEY = "sk-load-test";

    private static final int NO_PORT = 0;

    private final Path folder;
    private final List<String> jvmFlags;
    private final int provider = freePort();
    private final int admin = freePort();
    private final List<Server> running = new CopyOnWriteArrayList<>();
    private final Thread onExit = new Thread(() -> running.forEach(Server::close));

    /** @param folder for configurations, logs and bodies of this run */
    Stack(Path folder, List<String> jvmFlags) throws IOException {
        this.folder = folder;
        this.jvmFlags = jvmFlags;
        // A run that is interrupted leaves no server behind.
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    static boolean onPath(String program) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .anyMatch(dir -> new File(dir, program).canExecute());
    }

    /** A provider that answers every POST with a file of {@code bytes} bytes: nginx, as it costs least. */
    Server fixedProvider(int bytes) throws IOException {
        if (!onPath("nginx")) {
            throw new IOException("nginx: not installed (it is the provider of fixed answers); apt-get install nginx");
        }
        Path html = Files.createDirectories(folder.resolve("html"));
        Files.writeString(html.resolve("answer.json"), Bodies.answer(bytes));
        return nginx(Contest.DIRECT, provider, LOAD_CORE, """
                root %s;
                location / {
                  default_type application/json;
                  error_page 405 =200 /answer.json;
                  try_files /answer.json =404;
                }
                """.formatted(html), "access_log off;");
    }

    /** The simulated provider, for streams. */
    Server streamingProvider() throws IOException {
        List<String> command = java(List.of("-Xmx1g"));
        command.addAll(List.of(Provider.class.getName(), Integer.toString(provider)));
        return started(Server.start(Contest.DIRECT, provider, LOAD_CORE, command, folder.resolve("provider.log")));
    }

    /** This gateway as users start it, with a key, one Path rule and one TokenCount rule. */
    Server gateway(String transport) throws IOException {
        return gateway(Contest.GATEWAY, Path.of(""), transport, new Told(admin, "off", ""));
    }

    /**
     * Another build of this gateway, with the same configuration.
     *
     * @param checkout a checkout in which {@code mvn -DskipTests package} has run
     */
    Server gatewayBefore(Path checkout, String transport) throws IOException {
        return gateway(Contest.BEFORE, checkout, transport, new Told(freePort(), "off", ""));
    }

    /**
     * A gateway that tells nobody of what it does: neither metrics nor access log.
     *
     * @param checkout as in {@link #gatewayBefore}
     */
    Server quietGateway(String name, Path checkout, String transport) throws IOException {
        return gateway(name, checkout, transport, new Told(NO_PORT, "off", ""));
    }

    /** A gateway with metrics and an access log; see {@link #accessLog}. */
    Server loggingGateway(String name, Path checkout, String transport) throws IOException {
        return gateway(
                name, checkout, transport, new Told(freePort(), accessLog(name).toString(), ""));
    }

    /**
     * A gateway of this build with metrics, an access log, and a ledger in SQLite that knows what its rows cost.
     *
     * @param admin the port on which it shows its metrics
     */
    Server ledgerGateway(String name, int admin, String transport) throws IOException {
        String ledger = """
                save_usage: true
                storage_uri: "file:%s.db"
                prices:
                  - {provider: p, model: gpt-4o, input: 2.50, cached_input: 1.25, output: 10}
                  - {provider: q, model: gpt-4o, input: 2.50, cached_input: 1.25, output: 10}
                """.formatted(folder.resolve(name.replace(' ', '-') + "-" + admin));
        return gateway(
                name, Path.of(""), transport, new Told(admin, accessLog(name).toString(), ledger));
    }

    /**
     * A gateway of this build with metrics and a ledger, and no access log.
     *
     * @param admin the port on which it shows its metrics
     * @param storage lines of its configuration that say where the ledger is
     */
    Server unloggedLedgerGateway(String name, int admin, String transport, String storage) throws IOException {
        return gateway(name, Path.of(""), transport, new Told(admin, "off", "save_usage: true\n" + storage));
    }

    /** Where a server of that name logs, if it does. */
    Path accessLog(String name) {
        return folder.resolve(name.replace(' ', '-') + "-access.log");
    }

    /**
     * Whom a gateway tells of what it does.
     *
     * @param admin the port of its metrics; {@link #NO_PORT} for none
     * @param accessLog where it logs
     * @param more lines of its configuration
     */
    private record Told(int admin, String accessLog, String more) {}

    private Server gateway(String name, Path checkout, String transport, Told told) throws IOException {
        int port = freePort();
        Path config = folder.resolve(name.replace(' ', '-') + "-" + transport + ".yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:%d
                %s
                transport: %s
                event_loops: 1
                api_keys: [{key: %s, name: load}]
                providers:
                  - {id: p, base_url: "http://127.0.0.1:%d/v1", access_token: sk-provider}
                  - {id: q, base_url: "http://127.0.0.1:%d/v1", access_token: sk-provider}
                models:
                  - model: gpt-4o
                    providers: [p]
                    rules:
                      - {rule: 'Path == "/v1/embeddings"', providers: [q]}
                      - {rule: 'TokenCount > 120000', providers: [q]}
                %s""".formatted(
                        port,
                        told.admin() == NO_PORT ? "" : "admin: {listen: 127.0.0.1:" + told.admin() + "}",
                        transport,
                        KEY,
                        provider,
                        provider,
                        told.more()));
        List<String> command = List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "GATEWAY_JAVA_OPTS=" + String.join(" ", jvmFlags),
                checkout.resolve("bin").resolve("gateway").toString(),
                "serve",
                "--config",
                config.toString(),
                "--access-log",
                told.accessLog());
        return started(Server.start(name, port, PROXY_CORE, command, folder.resolve(name + ".log")));
    }

    /**
     * A gateway that tells nobody of what it does, and whose clients come over TLS.
     *
     * @param certificate and its key, files beside each other
     */
    Server tlsGateway(Path certificate, Path key, String transport) throws IOException {
        String tls = "listen_tls: {certificates: [{certificate: %s, key: %s}]}\n".formatted(certificate, key);
        return gateway(Contest.GATEWAY, Path.of(""), transport, new Told(NO_PORT, "off", tls));
    }

    /** nginx as a proxy over TLS, with the cipher that the gateway prefers; {@code null} when not installed. */
    Server tlsNginx(Path certificate, Path key, boolean http2, boolean buffering) throws IOException {
        return nginxProxy(
                "nginx", buffering, """
                access_log off;
                ssl_certificate %s;
                ssl_certificate_key %s;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_prefer_server_ciphers on;
                ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256;
                ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
                %s
                """.formatted(certificate, key, http2 ? "http2_max_concurrent_streams 128;" : ""));
    }

    /** nginx as a plain proxy; {@code null} when not installed. */
    Server nginxProxy(boolean buffering) throws IOException {
        return nginxProxy("nginx", buffering, "");
    }

    /** nginx with a buffered access log of JSON that says as much as the gateway's, where nginx knows it. */
    Server loggingNginx(String name) throws IOException {
        return nginxProxy(name, true, """
                log_format told escape=json '{"time":"$time_iso8601","request_id":"$connection-$connection_requests",'
                  '"client_address":"$remote_addr","user_agent":"$http_user_agent","key":"$remote_user",'
                  '"method":"$request_method","path":"$uri","provider":"$upstream_addr","status":$status,'
                  '"bytes_in":$request_length,"bytes_out":$body_bytes_sent,"upstream_status":"$upstream_status",'
                  '"first_byte":"$upstream_header_time","total":$request_time,"outcome":"$request_completion"}';
                access_log %s told buffer=64k flush=1s;
                """.formatted(accessLog(name)));
    }

    /** @param log directives for its access log; empty for none */
    private Server nginxProxy(String name, boolean buffering, String log) throws IOException {
        return nginx(name, freePort(), PROXY_CORE, """
                client_body_buffer_size 512k;
                client_max_body_size 64m;
                location / {
                  proxy_pass http://provider;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_set_header Authorization "Bearer sk-provider";
                  proxy_buffering %s;
                  proxy_buffers 64 8k;
                  proxy_read_timeout 600s;
                }
                """.formatted(buffering ? "on" : "off"), """
                upstream provider {
                  server 127.0.0.1:%d;
                  keepalive 1024;
                  keepalive_requests 100000000;
                }
                %s
                """.formatted(
                        provider, log.isEmpty() ? "access_log off;" : log.strip()));
    }

    /** HAProxy as a plain proxy; {@code null} when not installed. */
    Server haproxy() throws IOException {
        if (!onPath("haproxy")) {
            return null;
        }
        int port = freePort();
        Path config = folder.resolve("haproxy.cfg");
        Files.writeString(config, """
                global
                  nbthread 1
                  maxconn 9900
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 600s
                  timeout server 600s
                  http-reuse always
                frontend in
                  bind 127.0.0.1:%d
                  http-request set-header Authorization "Bearer sk-provider"
                  default_backend provider
                backend provider
                  server p 127.0.0.1:%d pool-max-conn 1024
                """.formatted(port, provider));
        return started(Server.start(
                "haproxy",
                port,
                PROXY_CORE,
                List.of("haproxy", "-db", "-f", config.toString()),
                folder.resolve("haproxy.log")));
    }

    private Server nginx(String name, int port, int core, String server, String http) throws IOException {
        if (!onPath("nginx")) {
            return null;
        }
        Path home = Files.createDirectories(folder.resolve(name.replace(' ', '-')));
        Path config = home.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off;
                worker_processes 1;
                worker_rlimit_nofile 65536;
                pid %1$s/nginx.pid;
                error_log %1$s/error.log error;
                events { worker_connections 30000; }
                http {
                  sendfile on;
                  tcp_nodelay on;
                  keepalive_requests 100000000;
                  keepalive_timeout 600s;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  %2$s
                  server {
                    listen 127.0.0.1:%3$d backlog=4096%5$s;
                    %4$s
                  }
                }
                """.formatted(home, http.strip(), port, server.strip(), listening(http)));
        List<String> command = List.of("nginx", "-p", home.toString(), "-c", config.toString());
        return started(Server.start(name, port, core, command, home.resolve("out.log")));
    }

    /** What nginx is to speak on its port, told from the directives for it. */
    private static String listening(String http) {
        return (http.contains("ssl_certificate") ? " ssl" : "") + (http.contains("http2") ? " http2" : "");
    }

    /** Where the gateway shows its metrics. */
    int adminPort() {
        return admin;
    }

    /** Nobody's, so that another run beside this one is slow but not wrong. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private List<String> java(List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    private Server started(Server server) {
        running.add(server);
        return server;
    }

    @Override
    public void close() {
        running.forEach(Server::close);
        running.clear();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException exiting) {
            // It has run, or is about to, and finds nothing.
        }
    }
}
