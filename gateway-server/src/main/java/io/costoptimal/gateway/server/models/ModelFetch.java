package io.costoptimal.gateway.server.models;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.upstream.ProviderPath;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a provider for its models. Blocks; one thread at a time, never an event loop. What a failure says holds no secret
 * and nothing of the answer.
 */
final class ModelFetch {

    private static final long PAGE_SECONDS = 30;
    private static final int MAX_PAGES = 20;
    private static final int MAX_PAGE_BYTES = 8 << 20;

    private final HttpClient client;

    ModelFetch(List<X509Certificate> alsoTrusted) throws IOException {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(10))
                .sslContext(Trust.context(alsoTrusted))
                .build();
    }

    /** Returns everything {@code provider} lists, page by page. */
    List<ListedModel> from(Provider provider) throws IOException, InterruptedException {
        List<ListedModel> models = new ArrayList<>();
        String after = null;
        for (int page = 0; page < MAX_PAGES; page++) {
            ModelPage got = ModelPage.read(get(provider, after), provider.id());
            models.addAll(got.models());
            after = got.next();
            if (after == null) {
                return models;
            }
        }
        throw new IOException("more than " + MAX_PAGES + " pages");
    }

    private byte[] get(Provider provider, String after) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(
                request(provider, after), answer -> new BoundedBody(answer.statusCode() == 200 ? MAX_PAGE_BYTES : 0));
        try {
            HttpResponse<byte[]> answer = response.get(PAGE_SECONDS, TimeUnit.SECONDS);
            if (answer.statusCode() != 200) {
                throw new IOException("status " + answer.statusCode());
            }
            return answer.body();
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new IOException("no whole answer within " + PAGE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e);
        }
    }

    /** A protocol error quotes the answer it does not like. */
    private static String reason(Throwable failure) {
        String kind = failure.getClass().getSimpleName();
        return failure instanceof ProtocolException ? kind : kind + ": " + failure.getMessage();
    }

    private static HttpRequest request(Provider provider, String after) throws IOException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri(provider, after));
            headers(provider).forEach(request::setHeader);
            return request.build();
        } catch (IllegalArgumentException e) {
            // Its message quotes the header it does not like, which may be the credential.
            throw new IOException("a configured header cannot be sent", null);
        }
    }

    private static Map<String, String> headers(Provider provider) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String token = provider.access().token();
        switch (provider.kind()) {
            case OPENAI -> headers.put("authorization", token == null ? null : "Bearer " + token);
            case AZURE -> headers.put("api-key", token);
            case ANTHROPIC -> {
                headers.put("x-api-key", token);
                headers.put("anthropic-version", "2023-06-01");
            }
        }
        headers.putAll(provider.access().headers());
        // The JDK's client sets the host itself and allows no other.
        headers.remove("host");
        headers.values().removeIf(value -> value == null);
        return headers;
    }

    static URI uri(Provider provider, String after) {
        String uri = ProviderPath.url(provider, Endpoint.MODELS);
        if (provider.kind() != Provider.Kind.ANTHROPIC) {
            return URI.create(uri);
        }
        String from = after == null ? "" : "&after_id=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
        return URI.create(uri + "?limit=1000" + from);
    }
}
