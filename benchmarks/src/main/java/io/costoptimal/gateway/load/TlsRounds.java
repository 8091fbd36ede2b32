package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests and event streams over TLS, by HTTP/1.1 or HTTP/2, beside nginx with the same versions, cipher and certificate.
 * Connections are kept: handshakes fall into the first moments of a run, and so are nearly none of what is measured.
 */
final class TlsRounds {

    private final Path folder;
    private final Plan plan;
    private final Wire wire;

    TlsRounds(Path folder, Plan plan, Wire wire) {
        this.folder = folder;
        this.plan = plan;
        this.wire = wire;
    }

    /** Measures bodies of {@code bytes} bytes, {@code inFlight} requests at a time. */
    Stats requests(int bytes, int inFlight) throws IOException, InterruptedException {
        Plan.Part part = plan.requests();
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            stack.fixedProvider(bytes);
            Contest contest = contest(stack, true);
            RequestLoad load = load(Bodies.request(bytes, false));
            contest.warmUp(part, server -> load.run(server.port(), inFlight, part.warmUpSeconds(), Stack.LOAD_CORE));
            Stats stats = new Stats(contest.names());
            contest.rounds(part.rounds(), server -> RequestRounds.one(stats, load, server, inFlight, part.seconds()));
            return stats;
        }
    }

    /** Measures {@code streams} streams with an event every {@code intervalMillis} milliseconds each. */
    Stats streams(int streams, int intervalMillis) throws IOException, InterruptedException {
        Plan.Part part = plan.streams();
        StreamWire over = new TlsStreamWire(wire);
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            stack.streamingProvider();
            Contest contest = contest(stack, false);
            contest.warmUp(part, server -> StreamRounds.warmUp(server, over, streams, part.warmUpSeconds()));
            Stats stats = new Stats(contest.names());
            contest.rounds(
                    part.rounds(),
                    server -> StreamRounds.one(stats, server, over, streams, intervalMillis, part.seconds()));
            return stats;
        }
    }

    private Contest contest(Stack stack, boolean buffering) throws IOException, InterruptedException {
        Path certificate = folder.resolve("tls.pem");
        Path key = folder.resolve("tls.key");
        certify(certificate, key);
        List<Server> servers = new ArrayList<>();
        servers.add(stack.tlsNginx(certificate, key, wire == Wire.HTTP2, buffering));
        servers.add(stack.tlsGateway(certificate, key, plan.transport()));
        return new Contest(servers);
    }

    private RequestLoad load(String body) throws IOException {
        return wire == Wire.HTTP2 ? new H2load(folder, body, Stack.KEY) : new Wrk(folder, body, Stack.KEY).overTls();
    }

    /** Has OpenSSL make a certificate with a key on P-256. */
    private static void certify(Path certificate, Path key) throws IOException, InterruptedException {
        List<String> command = List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-days",
                "2",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        Process openssl = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (openssl.waitFor() != 0) {
            throw new IOException("openssl could not make a certificate");
        }
        // nginx started by root reads as somebody else.
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    }
}
