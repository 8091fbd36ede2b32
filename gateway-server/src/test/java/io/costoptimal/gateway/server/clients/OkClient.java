package io.costoptimal.gateway.server.clients;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp, which the official clients of Java are made of. */
final class OkClient implements Client {

    @Override
    public String missing() {
        return null;
    }

    @Override
    public Set<Wire> wires() {
        return EnumSet.allOf(Wire.class);
    }

    @Override
    public Answer post(Endpoint endpoint, String path, String json) throws Exception {
        List<Protocol> protocols = switch (endpoint.wire()) {
            case PLAIN, TLS -> List.of(Protocol.HTTP_1_1);
            case TLS_HTTP2 -> List.of(Protocol.HTTP_2, Protocol.HTTP_1_1);
            case PLAIN_HTTP2 -> List.of(Protocol.H2_PRIOR_KNOWLEDGE);
        };
        OkHttpClient client = new OkHttpClient.Builder()
                .protocols(protocols)
                .sslSocketFactory(
                        endpoint.trust().context().getSocketFactory(),
                        endpoint.trust().manager())
                .build();
        Request request = new Request.Builder()
                .url(endpoint.url(path))
                .header("authorization", "Bearer " + endpoint.key())
                .post(RequestBody.create(json, MediaType.get("application/json")))
                .build();
        try (Response answer = client.newCall(request).execute()) {
            boolean http2 = answer.protocol() == Protocol.HTTP_2 || answer.protocol() == Protocol.H2_PRIOR_KNOWLEDGE;
            return new Answer(answer.code(), http2, answer.body().string());
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
