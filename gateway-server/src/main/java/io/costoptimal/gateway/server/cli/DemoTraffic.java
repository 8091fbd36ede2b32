package io.costoptimal.gateway.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * A client that asks one request after the other, so that the dashboard has something to show: short and long prompts, whole
 * and streamed answers, some that fail over and some that it leaves. The longest
 * prompts come with a second key, so that spend can be split by key. Runs on a daemon thread of its own for as
 * long as the process does.
 */
final class DemoTraffic {

    private static final String BATCH_KEY = "batch-key";
    private static final int BATCH_SENTENCES = 300;
    private static final Duration PAUSE = Duration.ofMillis(150);
    private static final String SENTENCE = "The quick brown fox jumps over the lazy dog, again and again. ";

    /** How the requests differ; they are asked in turn. */
    private enum Kind {
        /** One provider is cheaper whatever the answer. */
        LONG_PROMPT("/v1/chat/completions", "demo", 300, 60, false),
        LONG_STREAM("/v1/chat/completions", "demo", 150, 120, true),
        /** Which provider is cheaper depends on the answer. */
        SHORT_CHAT("/v1/chat/completions", "demo-mix", 5, 40, true),
        LONG_CHAT("/v1/chat/completions", "demo-mix", 400, 30, false),
        MESSAGES("/v1/messages", "demo-claude", 100, 50, true),
        /** The cheapest provider fails at once. */
        FAILOVER("/v1/chat/completions", "demo-failover", 80, 40, false),
        /** The client leaves before the end. */
        LEFT("/v1/chat/completions", "demo", 100, 200, true);

        private final String path;
        private final String model;
        private final int sentences;
        private final int events;
        private final boolean stream;

        Kind(String path, String model, int sentences, int events, boolean stream) {
            this.path = path;
            this.model = model;
            this.sentences = sentences;
            this.events = events;
            this.stream = stream;
        }

        private String body() {
            return "{\"model\":\"" + model + "\",\"stream\":" + stream
                    + ",\"max_tokens\":1000,\"messages\":[{\"role\":\"user\"," + "\"content\":\""
                    + SENTENCE.repeat(sentences) + "\"}]}";
        }
    }

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI gateway;
    private final String key;

    private DemoTraffic(InetSocketAddress gateway, String key) {
        this.gateway = URI.create("http://127.0.0.1:" + gateway.getPort());
        this.key = key;
    }

    /** Begins to ask {@code gateway}, on loopback, with {@code key}. */
    static void start(InetSocketAddress gateway, String key) {
        Thread thread = new Thread(new DemoTraffic(gateway, key)::run, "demo-traffic");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                for (Kind kind : Kind.values()) {
                    ask(kind);
                    Thread.sleep(PAUSE.toMillis());
                }
            }
        } catch (InterruptedException | InterruptedIOException e) {
            // Nobody does that, and it would be the end.
        }
    }

    private void ask(Kind kind) throws InterruptedException, InterruptedIOException {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve(kind.path))
                .header("Authorization", "Bearer " + (kind.sentences < BATCH_SENTENCES ? key : BATCH_KEY))
                .header("Content-Type", "application/json")
                .header("x-sim-events", Integer.toString(kind.events))
                .header("x-sim-interval", "2ms")
                .POST(BodyPublishers.ofString(kind.body()))
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (kind == Kind.LEFT) {
                    body.read();
                } else {
                    body.transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            // The gateway is closing, or has said in its log what went wrong.
        }
    }
}
