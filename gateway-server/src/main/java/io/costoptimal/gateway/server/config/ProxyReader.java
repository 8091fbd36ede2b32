package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.exchange.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads {@code trusted_proxies} and {@code forwarded_field}. Stateless. */
final class ProxyReader {

    private ProxyReader() {}

    /** Whose word counts; what is wrong was noted. */
    static TrustedProxies read(Section file) {
        List<Network> networks = new ArrayList<>();
        boolean unix = false;
        for (Value item : file.items("trusted_proxies")) {
            if (item.isText() && item.text().orElse("").equals(ListenAddress.UNIX)) {
                unix = true;
            } else {
                item.as(ProxyReader::network).ifPresent(network -> {
                    networks.add(network);
                    if (network.isEverything()) {
                        item.warn("trusted_proxies: " + item.shown()
                                + " lets every client say that it is another (expected: the addresses of proxies)");
                    }
                });
            }
        }
        TrustedProxies.Field field = file.parsed("forwarded_field", TrustedProxies.NONE.field(), ProxyReader::field);
        return new TrustedProxies(networks, unix, field);
    }

    private static Network network(String text) {
        Network network;
        try {
            network = Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ", or unix:", e);
        }
        if (network.hasOtherBits()) {
            throw new IllegalArgumentException("a range whose other bits are 0");
        }
        return network;
    }

    private static TrustedProxies.Field field(String text) {
        return Names.choice(
                text,
                List.of(TrustedProxies.Field.values()),
                field -> field.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
