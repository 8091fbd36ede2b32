package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.RequestFields;
import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.upstream.ProviderQuery;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The fields of one exchange's request as an embedder may see them. Empty once the exchange has let go of its head. Confined
 * to the event loop of the exchange.
 *
 * <p>Nobody knows yet which of the presented keys is the gateway's when an exchange starts. So every field is hidden that
 * repeats one of them, under whatever name.
 */
final class VisibleFields implements RequestFields {

    private final Exchange exchange;
    /** {@code null} until somebody asks. */
    private List<String> keys;

    VisibleFields(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public String get(String name) {
        HttpRequest request = exchange.request();
        String value = request == null ? null : request.headers().get(name);
        return value == null || isSecret(request, name, value) ? null : value;
    }

    @Override
    public void forEach(BiConsumer<String, String> each) {
        HttpRequest request = exchange.request();
        if (request == null) {
            return;
        }
        for (Map.Entry<String, String> field : request.headers()) {
            if (!isSecret(request, field.getKey(), field.getValue())) {
                each.accept(field.getKey(), field.getValue());
            }
        }
    }

    @Override
    public String query() {
        HttpRequest request = exchange.request();
        int start = request == null ? -1 : request.uri().indexOf('?');
        return start < 0 ? null : ProviderQuery.visible(request.uri().substring(start + 1), keys(request));
    }

    private boolean isSecret(HttpRequest request, String name, String value) {
        return CredentialFields.ALL.covers(name)
                || keys(request).stream().anyMatch(key -> CredentialFields.repeats(value, key));
    }

    private List<String> keys(HttpRequest request) {
        if (keys == null) {
            keys = CredentialFields.keys(request.headers());
        }
        return keys;
    }
}
