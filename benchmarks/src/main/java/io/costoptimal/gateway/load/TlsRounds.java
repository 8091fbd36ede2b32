package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests over kept connections with TLS, beside nginx with the same versions, cipher and certificate. Handshakes fall into
 * the first moments of a run, and so are nearly none of what is measured.
 */
final class TlsRounds {

    private final Path folder;
    private final Plan plan;

    TlsRounds(Path folder, Plan plan) {
        this.folder = folder;
        this.plan = plan;
    }

    /** Measures bodies of {@code bytes} bytes on {@code connections} connections. */
    Stats run(int bytes, int connections) throws IOException, InterruptedException {
        Plan.Part part = plan.requests();
        Path certificate = folder.resolve("tls.pem");
        Path key = folder.resolve("tls.key");
        certify(certificate, key);
        try (Stack stack = new Stack(folder, plan.jvmFlags())) {
            stack.fixedProvider(bytes);
            List<Server> servers = new ArrayList<>();
            servers.add(stack.tlsNginx(certificate, key));
            servers.add(stack.tlsGateway(certificate, key, plan.transport()));
            Contest contest = new Contest(servers);
            Wrk wrk = new Wrk(folder, Bodies.request(bytes, false), Stack.KEY).overTls();
            contest.warmUp(part, server -> wrk.run(server.port(), connections, part.warmUpSeconds(), Stack.LOAD_CORE));
            Stats stats = new Stats(contest.names());
            contest.rounds(part.rounds(), server -> RequestRounds.one(stats, wrk, server, connections, part.seconds()));
            return stats;
        }
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
