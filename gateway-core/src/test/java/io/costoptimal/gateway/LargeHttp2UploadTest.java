package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Frame;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What {@link LargeUploadTest} says of clients by HTTP/1, of those by HTTP/2. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeHttp2UploadTest {

    private static final int MB = 1024 * 1024;
    private static final int FRAME = 16 * 1024;

    /** Keeps count of who is ahead, and by how much. */
    private final LargeUploadTest pace = new LargeUploadTest();

    private final byte[] frame = new byte[FRAME];

    LargeHttp2UploadTest() {
        new Random(2).nextBytes(frame);
    }

    private static String[] head(Operation operation, long length) {
        String[] head = RawHttp2Client.chatHead("content-length", Long.toString(length));
        head[7] = operation.path();
        head[11] = "application/octet-stream";
        return head;
    }

    /** Sends a body of {@code length} bytes as the windows allow, and returns its digest. */
    private String upload(RawHttp2Client client, int stream, long length) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        long left = length;
        while (left > 0) {
            int n = (int) Math.min(left, FRAME);
            client.awaitWindow(stream, n);
            byte[] part = n == FRAME ? frame : Arrays.copyOf(frame, n);
            left -= n;
            client.data(stream, left == 0, part);
            pace.sent.addAndGet(n);
            digest.update(part);
        }
        return LargeUploadTest.hex(digest);
    }

    private static void answer(ScriptedOrigin.Connection connection, String digest) throws IOException {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + digest.length() + "\r\n\r\n" + digest);
    }

    @Test
    void aBodyPassesInConstantMemory() throws Exception {
        long length = 512L * MB - 1024;
        try (ScriptedOrigin origin = LargeUploadTest.origin(connection -> {
                    connection.readUntil("\r\n\r\n");
                    answer(connection, pace.hash(connection, length, 1));
                });
                LargeUploadTest.Server server = new LargeUploadTest.Server(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(server.port)) {
            client.headers(1, false, head(UploadProcess.STREAMED, length));
            String digest = upload(client, 1, length);
            assertThat(client.answer(1).body()).isEqualTo(digest);
        }
    }

    @Test
    void aSlowProviderStopsAFastUploader() throws Exception {
        long length = 64L * MB;
        CountDownLatch ahead = new CountDownLatch(1);
        try (ScriptedOrigin origin = LargeUploadTest.origin(connection -> {
                    connection.readUntil("\r\n\r\n");
                    connection.await(ahead);
                    answer(connection, pace.hash(connection, length, 4));
                });
                LargeUploadTest.Server server = new LargeUploadTest.Server(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(server.port)) {
            client.headers(1, false, head(UploadProcess.STREAMED, length));
            CompletableFuture<String> uploading = CompletableFuture.supplyAsync(() -> {
                try {
                    return upload(client, 1, length);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            while (pace.sent.get() < MB) {
                Thread.onSpinWait();
            }
            ahead.countDown();
            String digest = uploading.join();
            assertThat(client.answer(1).body()).isEqualTo(digest);
            assertThat(pace.farthest.get())
                    .as("bytes ahead")
                    .isBetween(1L, LargeUploadTest.kernels() + LargeUploadTest.GATEWAYS_SHARE);
        }
    }

    @Test
    void aSlowReaderStopsAFastProvider() throws Exception {
        long length = 64L * MB;
        CompletableFuture<String> sent = new CompletableFuture<>();
        try (ScriptedOrigin origin = LargeUploadTest.origin(connection -> {
                    connection.readUntil("\r\n\r\n");
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
                    sent.complete(pace.upload(connection, length));
                    connection.readToEnd();
                });
                LargeUploadTest.Server server = new LargeUploadTest.Server(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(server.port)) {
            client.headers(1, true, head(UploadProcess.STREAMED, 0));
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            MessageDigest slow = MessageDigest.getInstance("SHA-256");
            long received = 0;
            long farthest = 0;
            while (received < length) {
                Frame data = client.read(RawHttp2Client.DATA, 1);
                byte[] bytes = data.payload();
                received += bytes.length;
                digest.update(bytes);
                for (int i = 0; i < 3; i++) {
                    slow.update(bytes);
                }
                farthest = Math.max(farthest, pace.sent.get() - received);
                if (bytes.length > 0) {
                    client.window(0, bytes.length);
                    client.window(1, bytes.length);
                }
            }
            assertThat(LargeUploadTest.hex(digest)).isEqualTo(sent.join());
            assertThat(farthest)
                    .as("bytes ahead")
                    .isBetween(1L, LargeUploadTest.kernels() + LargeUploadTest.GATEWAYS_SHARE);
        }
    }
}
