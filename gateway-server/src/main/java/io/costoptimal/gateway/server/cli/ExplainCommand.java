package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.explain.Explanation;
import io.costoptimal.gateway.server.explain.ExplanationWriter;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says where a request would go, and why, without sending it. */
@Command(
        name = "explain",
        description = {
            "Says as JSON where a request would go and why, without sending it.",
            "Exit code 3 when it would be refused, with the reason on standard error."
        })
public final class ExplainCommand implements Callable<Integer> {

    /** A caller that no key restricts, and whose name no rule knows. */
    private static final Principal ANYBODY = new Principal("", Principal.Role.CLIENT);

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--path",
            required = true,
            paramLabel = "PATH",
            description = "Path of the request, such as /v1/chat/completions; a query may follow.")
    private String path;

    @Option(
            names = "--body",
            required = true,
            paramLabel = "FILE",
            description = "The request's body; - reads it from standard input.")
    private String body;

    @Option(names = "--header", paramLabel = "NAME:VALUE", description = "A header of the request; may be repeated.")
    private List<String> headers = List.of();

    @Option(
            names = "--key",
            paramLabel = "NAME",
            description = "Name of the client's key. Default: one that may do all.")
    private String key;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "When the request comes, such as 2026-11-27T22:30:00Z, for rules with Hour or Weekday. Default: now.")
    private Instant at;

    @Option(
            names = "--address",
            paramLabel = "IP",
            description = "The client's IP address, for rules with ClientAddress. Default: none.")
    private String address;

    @Option(names = "--no-env", description = "Read no environment: a variable without a default stands for some text.")
    private boolean noEnvironment;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, IOException {
        GatewayConfig loaded = noEnvironment ? config.loadWithoutEnvironment() : config.load();
        Principal caller = key == null ? ANYBODY : caller(loaded);
        byte[] bytes = read(loaded.engine().limits().body().bytes());
        try (Explanation explanation = Explanation.of(
                loaded.snapshot(),
                loaded.engine().limits().body(),
                request(bytes.length),
                bytes,
                new Explanation.Asked(caller, (at == null ? Instant.now() : at).toEpochMilli(), address))) {
            spec.commandLine().getOut().println(ExplanationWriter.write(explanation, loaded.routing()));
            Rejection refusal = explanation.refusal();
            if (refusal == null) {
                return Exit.OK;
            }
            spec.commandLine().getErr().println("refused: " + refusal.status() + " " + refusal.message());
            return Exit.REFUSED;
        }
    }

    private Principal caller(GatewayConfig loaded) {
        return loaded.keys().stream()
                .map(KeyEntry::owner)
                .filter(owner -> owner.name().equals(key))
                .findFirst()
                .orElseThrow(() -> wrong("--key: no key is called " + key + " (expected: one of "
                        + loaded.keys().stream()
                                .map(entry -> entry.owner().name())
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    private HttpRequest request(int length) {
        HttpRequest request = requestLine();
        for (String header : headers) {
            int colon = header.indexOf(':');
            try {
                request.headers()
                        .add(
                                header.substring(0, colon).strip(),
                                header.substring(colon + 1).strip());
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw wrong("--header: " + header + " (expected: name:value)");
            }
        }
        request.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        return request;
    }

    private HttpRequest requestLine() {
        try {
            return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path);
        } catch (IllegalArgumentException e) {
            throw wrong("--path: " + path + " (expected: a path as it is sent, without blanks)");
        }
    }

    /** Reads the body, or one byte more than may be, so that it is refused as it would be on the wire. */
    private byte[] read(int limit) throws IOException {
        if (body.equals("-")) {
            return System.in.readNBytes(limit + 1);
        }
        try (InputStream in = Files.newInputStream(Path.of(body))) {
            return in.readNBytes(limit + 1);
        } catch (IOException e) {
            throw wrong("--body: " + body + " (expected: a file that can be read, or -)");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
