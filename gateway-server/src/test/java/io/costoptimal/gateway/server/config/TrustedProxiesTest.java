package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.exchange.Network;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

    @Test
    void everyListenerTrustsTheSameProxiesAndOnlySomeWantTheProxyProtocol() {
        List<ClientListener> listeners = Configs.load(
                        LEAST
                                + "trusted_proxies: [10.0.0.0/8, '::1', 'unix:']\nforwarded_field: forwarded\n"
                                + "listeners: [{listen: 80, proxy_protocol: true}, {listen: unix:/s, proxy_protocol: true}, {listen: 81}]\n")
                .server()
                .listeners();

        TrustedProxies proxies = new TrustedProxies(
                List.of(Network.parse("10.0.0.0/8"), Network.parse("::1")), true, TrustedProxies.Field.FORWARDED);
        assertThat(listeners).extracting(ClientListener::proxies).containsOnly(proxies);
        assertThat(listeners).extracting(ClientListener::proxyProtocol).containsExactly(true, true, false);
    }

    @Test
    void nobodyIsTrustedUnlessTheFileSaysWho() {
        assertThat(Configs.load(LEAST).server().listeners())
                .extracting(ClientListener::proxies)
                .containsExactly(TrustedProxies.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trusted_proxies: [10.0.0.1/8] | 3:19: trusted_proxies: 10.0.0.1/8 (expected: a range whose other bits are 0)",
                "trusted_proxies: [proxy.test] | 3:19: trusted_proxies: proxy.test (expected: an address, or a range",
                "trusted_proxies: 10.0.0.0/8 | 3:18: trusted_proxies: 10.0.0.0/8 (expected: a list)",
                "forwarded_field: x-real-ip | 3:18: forwarded_field: x-real-ip (expected: x-forwarded-for, forwarded)",
                "listeners: [{listen: 80, proxy_protocol: true}] | 3:42: proxy_protocol: nobody may speak for clients"
                        + " (expected: trusted_proxies with the addresses",
                "listeners: [{listen: unix:/s, proxy_protocol: true}] | 3:47: proxy_protocol: nobody may speak for clients"
                        + " (expected: trusted_proxies with unix:)",
                "listeners: [{listen: 80, proxy_protocol: 1}] | 3:42: proxy_protocol: 1 (expected: true or false)",
            })
    void whatIsWrongIsToldWithItsPlace(String text, String problem) {
        assertThat(Configs.problems(LEAST + text + "\n"))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:" + problem);
    }

    @Test
    void trustInEverybodyIsWarnedOf() {
        assertThat(Configs.warnings(LEAST + "trusted_proxies: [0.0.0.0/0]\n", Map.of()))
                .anyMatch(warning -> warning.contains("lets every client say that it is another"));
    }
}
