package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Half a gigabyte through a gateway that has 64 MB for buffers and 128 MB of heap. That the slower side decides is seen by
 * how far the faster one is ahead, in bytes, at any time: no farther than the kernel has buffers for, and a little.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeUploadTest {

    private static final int MB = 1024 * 1024;
    private static final int MANY = 12;
    /** What the gateway may have of one exchange. */
    static final long GATEWAYS_SHARE = 4L * MB;

    private static final String MODEL =
            "--B0\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--B0\r\nContent-Disposition: form-data;"
                    + " name=\"file\"; filename=\"f\"\r\n\r\n";
    private static final String END = "\r\n--B0--\r\n";

    private final byte[] part = new byte[MB];
    final AtomicLong sent = new AtomicLong();
    final AtomicLong farthest = new AtomicLong();

    LargeUploadTest() {
        new Random(1).nextBytes(part);
    }

    @Test
    void formsAndOtherBodiesPassInConstantMemory() throws Exception {
        long length = 512L * MB - 1024;
        try (ScriptedOrigin origin = origin(connection -> {
                    for (int i = 0; i < 2; i++) {
                        connection.readUntil("\r\n\r\n");
                        String digest = hash(connection, length, 1);
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + digest.length() + "\r\n\r\n" + digest);
                    }
                });
                Server server = new Server(origin.port());
                RawClient client = RawClient.connect(server.port)) {
            for (Operation operation : new Operation[] {UploadProcess.FORM, UploadProcess.STREAMED}) {
                client.send(head(operation, length));
                String digest = upload(client, length);
                assertThat(client.readMessage()).endsWith("\r\n\r\n" + digest);
            }
        }
    }

    /** Each has its window, and what its sockets have in flight. */
    @Test
    void manyPassAtOnce() throws Exception {
        long length = 24L * MB;
        try (ScriptedOrigin origin = origin(connection -> {
                    connection.readUntil("\r\n\r\n");
                    String digest = hash(connection, length, 1);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + digest.length() + "\r\n\r\n" + digest);
                    connection.readToEnd();
                });
                Server server = new Server(origin.port())) {
            ExecutorService clients = Executors.newFixedThreadPool(MANY);
            try {
                Callable<String> one = () -> {
                    try (RawClient client = RawClient.connect(server.port)) {
                        client.send(head(UploadProcess.FORM, length));
                        String digest = upload(client, length);
                        assertThat(client.readMessage()).endsWith("\r\n\r\n" + digest);
                        return digest;
                    }
                };
                for (Future<String> digest : clients.invokeAll(Collections.nCopies(MANY, one))) {
                    assertThat(digest.get()).isNotEmpty();
                }
            } finally {
                clients.shutdownNow();
            }
        }
    }

    @Test
    void aSlowProviderStopsAFastUploader() throws Exception {
        long length = 128L * MB;
        CountDownLatch ahead = new CountDownLatch(1);
        try (ScriptedOrigin origin = origin(connection -> {
                    connection.readUntil("\r\n\r\n");
                    connection.await(ahead);
                    String digest = hash(connection, length, 4);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + digest.length() + "\r\n\r\n" + digest);
                });
                Server server = new Server(origin.port());
                RawClient client = RawClient.connect(server.port)) {
            client.send(head(UploadProcess.STREAMED, length));
            CompletableFuture<String> uploading = CompletableFuture.supplyAsync(() -> {
                try {
                    return upload(client, length);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            while (sent.get() < MB) {
                Thread.onSpinWait();
            }
            ahead.countDown();
            assertThat(client.readMessage()).endsWith("\r\n\r\n" + uploading.join());
            assertThat(farthest.get()).as("bytes ahead").isBetween(1L, kernels() + GATEWAYS_SHARE);
        }
    }

    @Test
    void aSlowReaderStopsAFastProvider() throws Exception {
        long length = 128L * MB;
        CompletableFuture<String> digest = new CompletableFuture<>();
        try (ScriptedOrigin origin = origin(connection -> {
                    connection.readUntil("\r\n\r\n");
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    digest.complete(upload(connection, length));
                    connection.readToEnd();
                });
                Server server = new Server(origin.port());
                RawClient client = RawClient.connect(server.port, 256 * 1024)) {
            client.send(head(UploadProcess.STREAMED, 0));
            client.readUntil("\r\n\r\n");
            while (sent.get() < MB) {
                Thread.onSpinWait();
            }
            assertThat(hash(client, length, 4)).isEqualTo(digest.join());
            assertThat(farthest.get()).as("bytes ahead").isBetween(1L, kernels() + GATEWAYS_SHARE);
        }
    }

    /**
     * What the kernel may hold on the way through two connections: what the gateway sends and receives, which is as much as
     * the system allows, what the faster side sends, and what the slower side receives.
     */
    static long kernels() throws IOException {
        return most("tcp_rmem") + 2 * most("tcp_wmem") + MB;
    }

    private static long most(String setting) throws IOException {
        byte[] values = new byte[256];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/net/ipv4", setting))) {
            int n = in.read(values); // all at once: such a file has nothing for a second read
            return Long.parseLong(
                    new String(values, 0, n, StandardCharsets.US_ASCII).strip().split("\\s+")[2]);
        }
    }

    static ScriptedOrigin origin(ScriptedOrigin.Script script) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReceiveBufferSize(256 * 1024);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return ScriptedOrigin.start(server, script);
    }

    private static String head(Operation operation, long length) {
        return "POST " + operation.path() + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                + "\r\nContent-Type: multipart/form-data; boundary=B0\r\nContent-Length: " + length + "\r\n\r\n";
    }

    /** Sends a form of {@code length} bytes and returns its digest. */
    String upload(Wire to, long length) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        send(to, digest, MODEL.getBytes(StandardCharsets.US_ASCII), MODEL.length());
        long left = length - MODEL.length() - END.length();
        while (left > 0) {
            int n = (int) Math.min(left, part.length);
            send(to, digest, part, n);
            left -= n;
        }
        send(to, digest, END.getBytes(StandardCharsets.US_ASCII), END.length());
        return hex(digest);
    }

    private void send(Wire to, MessageDigest digest, byte[] bytes, int n) throws IOException {
        to.socket().getOutputStream().write(bytes, 0, n);
        sent.addAndGet(n);
        digest.update(bytes, 0, n);
    }

    /** Reads {@code length} bytes, and returns their digest; works on each {@code times} as long as the sender does. */
    String hash(Wire from, long length, int times) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        MessageDigest slow = MessageDigest.getInstance("SHA-256");
        byte[] read = new byte[64 * 1024];
        long received = 0;
        while (received < length) {
            int n = from.read(read, (int) Math.min(read.length, length - received));
            if (n < 0) {
                throw new IOException("ended after " + received);
            }
            received += n;
            digest.update(read, 0, n);
            for (int i = 1; i < times; i++) {
                slow.update(read, 0, n);
            }
            long lead = sent.get() - received;
            farthest.accumulateAndGet(lead, Math::max);
        }
        return hex(digest);
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The process; it ends with its input. */
    static final class Server implements AutoCloseable {

        private final Process process;
        final int port;

        Server(int provider) throws IOException {
            process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Xmx128m",
                            "-XX:MaxDirectMemorySize=64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            UploadProcess.class.getName(),
                            Integer.toString(provider))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            port = Integer.parseInt(out.readLine());
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                process.destroy();
                Thread.currentThread().interrupt();
            }
        }
    }
}
