package io.costoptimal.gateway.server.models;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.upstream.Origin;
import io.costoptimal.gateway.upstream.ProviderCredential;
import io.costoptimal.gateway.upstream.SocketConnector;
import io.costoptimal.gateway.upstream.Tls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a provider for its models, over connections that are made as those for requests are: the same names, proxies and
 * trust. Blocks; one thread at a time, never an event loop. What a failure says holds no secret and nothing of the answer.
 */
final class ModelFetch implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long PAGE_SECONDS = 30;
    private static final int MAX_PAGES = 20;
    private static final int MAX_PAGE_BYTES = 8 << 20;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("models-io", true), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final SocketConnector connector;

    ModelFetch(List<X509Certificate> alsoTrusted) {
        connector = new SocketConnector(Tls.context(alsoTrusted), CONNECT);
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
        FullHttpRequest request = request(provider, credential(provider), after);
        ModelAnswer answer = new ModelAnswer(request, MAX_PAGE_BYTES);
        loop.execute(() -> connector.connect(loop, Origin.of(provider), answer, answer));
        try {
            return answer.body().get(PAGE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + PAGE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } finally {
            answer.body().cancel(false);
        }
    }

    private static ProviderCredential credential(Provider provider) throws IOException, InterruptedException {
        CredentialSource source = provider.access().credential();
        String now = source == null ? null : source.now();
        if (source == null || now != null) {
            return ProviderCredential.of(provider, now);
        }
        try {
            String later = source.later().get(source.patience().toMillis(), TimeUnit.MILLISECONDS);
            return ProviderCredential.of(provider, later);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("no credential", e);
        }
    }

    private static FullHttpRequest request(Provider provider, ProviderCredential credential, String after)
            throws IOException {
        URI uri = uri(provider, after);
        String target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery());
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target);
        try {
            request.headers().set(HttpHeaderNames.HOST, provider.location().authority());
            headers(provider, credential).forEach(request.headers()::set);
            request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return request;
        } catch (IllegalArgumentException e) {
            // Its message quotes the header it does not like, which may be the credential.
            throw new IOException("a configured header cannot be sent", null);
        }
    }

    private static Map<String, String> headers(Provider provider, ProviderCredential credential) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (credential != null) {
            headers.put(credential.field(), credential.value());
        }
        if (isAnthropic(provider)) {
            headers.put("anthropic-version", "2023-06-01");
        }
        headers.putAll(provider.access().headers());
        return headers;
    }

    /** Whether its list is that of Anthropic's API, with its version and its pages. */
    private static boolean isAnthropic(Provider provider) {
        return !provider.kind().families().contains(ApiFamily.OPENAI);
    }

    static URI uri(Provider provider, String after) {
        String uri = ProviderPath.url(provider, StandardOperations.MODELS);
        if (!isAnthropic(provider)) {
            return URI.create(uri);
        }
        String from = after == null ? "" : "&after_id=" + URLEncoder.encode(after, StandardCharsets.UTF_8);
        return URI.create(uri + "?limit=1000" + from);
    }

    /** Closes everything at once; a fetch that runs fails. */
    @Override
    public void close() {
        connector.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
