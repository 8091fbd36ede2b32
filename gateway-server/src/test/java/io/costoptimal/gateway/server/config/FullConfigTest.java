package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.CrossOrigin;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.server.accesslog.LogRolling;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.costoptimal.gateway.upstream.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A file in the original's format with every key there is. */
class FullConfigTest {

    private static GatewayConfig config;

    @BeforeAll
    static void load() throws Exception {
        Path file = Path.of(FullConfigTest.class.getResource("full.yaml").toURI());
        config = ConfigFile.load(file, Map.of("OPENAI_API_KEY", "sk-open", "AZURE_HOST", "corp.openai.azure.com"));
    }

    @Test
    void readsTheServer() {
        assertThat(config.server().listen()).isEqualTo(new HostPort("0.0.0.0", 8080));
        assertThat(config.server().admin())
                .isEqualTo(
                        new GatewayConfig.Admin(new HostPort("127.0.0.1", 8001), Set.of("gateway.test", "10.1.2.3")));
        assertThat(config.server().debug()).isTrue();
        assertThat(config.server().drain()).isEqualTo(Duration.ofSeconds(45));
        assertThat(config.server().life().drainDelay()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.server().life().watchesFile()).isTrue();
        assertThat(config.server().rolling()).isEqualTo(new LogRolling(256L << 20, LogRolling.Every.DAY, 30, false));
    }

    @Test
    void readsKeysInEveryForm() {
        assertThat(config.keys()).hasSize(4);
        var keys = config.snapshot().keys();
        assertThat(keys.find("sk-plain")).isEqualTo(unnamed("sk-plain", "key-1"));
        assertThat(keys.find("sk-team"))
                .isEqualTo(new Principal(
                        "team", Principal.Role.CLIENT, ModelScope.of(Set.of("gpt-4o", "fast")), "name:team"));
        assertThat(keys.find("test")).isEqualTo(new Principal("ops", Principal.Role.ADMIN).identifiedBy("name:ops"));
        assertThat(keys.find("12345678")).isEqualTo(unnamed("12345678", "key-4"));
        assertThat(keys.find("other")).isNull();
    }

    private static Principal unnamed(String key, String name) {
        return KeyEntry.of(key, new Principal(name, Principal.Role.CLIENT))
                .identifiedByItself()
                .owner();
    }

    @Test
    void aKeyWithoutANameIsKnownAgainInAnotherPlaceAndByNothingThatOpensAnything() {
        Principal first = unnamed("sk-plain", "key-1");
        String hash = KeyEntry.of("sk-plain", first).sha256();

        assertThat(first.identity()).isEqualTo(unnamed("sk-plain", "key-2").identity());
        assertThat(first.identity()).isNotEqualTo(unnamed("sk-other", "key-1").identity());
        assertThat(KeyEntry.of("sha256:" + hash, first).identifiedByItself().owner())
                .isEqualTo(first);
        assertThat(first.identity()).matches("key:[0-9a-f]{32}").doesNotContain(hash.substring(0, 8));
        assertThat(first.toString()).doesNotContain(first.identity());
    }

    @Test
    void readsKeysWithSpacesAndBeyondAscii() {
        GatewayConfig some =
                Configs.load(Configs.LEAST.replace("[secret-of-a]", "[two words, schlüssel-€, \"\uD83D\uDE00\"]"));

        var keys = some.snapshot().keys();
        assertThat(keys.find("two words")).isNotNull();
        assertThat(keys.find("schlüssel-€")).isNotNull();
        assertThat(keys.find("\uD83D\uDE00")).isNotNull();
    }

    @Test
    void readsProviders() {
        Map<String, Provider> providers = config.routing().providers();

        assertThat(providers.keySet()).containsExactly("openai", "cheap", "claude", "azure");
        Provider openai = providers.get("openai");
        assertThat(openai.kind()).isEqualTo(ProviderKinds.OPENAI);
        assertThat(openai.access().token()).isEqualTo("sk-open");
        assertThat(openai.access().headers())
                .containsExactly(Map.entry("OpenAI-Organization", "org-1"), Map.entry("X-Team", "edge; a=b"));
        assertThat(openai.firstByteTimeout()).isEqualTo(Duration.ofSeconds(120));
        assertThat(providers.get("cheap").firstByteTimeout()).isEqualTo(Duration.ofMillis(1500));
        assertThat(providers.get("claude").kind()).isEqualTo(ProviderKinds.ANTHROPIC);
        assertThat(providers.get("claude").firstByteTimeout()).isEqualTo(Duration.ofSeconds(99));
        assertThat(providers.get("azure").base()).hasToString("https://corp.openai.azure.com");
        assertThat(providers.get("azure").access().apiVersion()).isEqualTo("2024-10-21");
    }

    /** Of its own accord only where usage is kept. */
    @Test
    void asksProvidersForUsageWhereALedgerIsKeptOrTheySayIt() {
        Map<String, Provider> providers = config.routing().providers();
        GatewayConfig least = Configs.load(Configs.LEAST);
        GatewayConfig asking = Configs.load(Configs.LEAST.replace("id: a,", "id: a, ask_for_usage: true,"));

        assertThat(config.ledger().save()).isTrue();
        assertThat(providers.get("openai").asking().usage()).isTrue();
        assertThat(providers.get("cheap").asking().usage()).isFalse();
        assertThat(least.routing().providers().get("a").asking().usage()).isFalse();
        assertThat(asking.routing().providers().get("a").asking().usage()).isTrue();
    }

    @Test
    void readsCandidatesInEveryFormAndInTheirOrder() {
        RouteTable table = config.routing().table();
        Provider openai = config.routing().providers().get("openai");
        Provider cheap = config.routing().providers().get("cheap");
        Provider azure = config.routing().providers().get("azure");
        ModelRoutes gpt = table.models().get(0);

        assertThat(gpt.providers()).containsExactly(new Candidate(openai, null), new Candidate(azure, null));
        assertThat(gpt.rules().get(0).candidates())
                .containsExactly(
                        new Candidate(openai, "gpt-4o-long"), new Candidate(cheap, "big"), new Candidate(azure, "x"));
        assertThat(gpt.rules().get(1).candidates())
                .containsExactly(new Candidate(cheap, "small"), new Candidate(openai, null));
        assertThat(gpt.rules().get(2).candidates()).containsExactly(new Candidate(cheap, null));
        assertThat(gpt.retryOn().status(429)).isTrue();
        assertThat(gpt.retryOn().status(400)).isFalse();
        assertThat(table.models().get(1).retryOn()).isNull();
        assertThat(table.aliases()).containsExactlyInAnyOrderEntriesOf(Map.of("fast", "gpt-4o", "fastest", "fast"));
        assertThat(table.defaultProvider()).isEqualTo(openai);
        assertThat(table.retryOn().timeout()).isTrue();
        assertThat(table.retryOn().connectError()).isFalse();
    }

    @Test
    void readsWhichPagesMayCall() {
        assertThat(config.snapshot().crossOrigin())
                .isEqualTo(new CrossOrigin(
                        Set.of("https://app.example.com", "http://localhost:5173"), Duration.ofMinutes(10)));
        assertThat(Configs.load(Configs.LEAST).snapshot().crossOrigin()).isNull();
    }

    @Test
    void readsEveryLimitAndTimer() {
        GatewaySettings engine = config.engine();

        assertThat(engine.transport()).isEqualTo(Transport.NIO);
        assertThat(engine.eventLoops()).isEqualTo(3);
        assertThat(engine.limits())
                .isEqualTo(new Limits(
                        new Limits.Head(1024, 2048, 10, 12 << 20),
                        new Limits.Body(3 << 20, 4L << 30, 50),
                        new Limits.Client(600, 7 << 10, 70),
                        new Limits.Upstream(80, 9, 10 << 10, 11 << 20)));
        assertThat(engine.timeouts())
                .isEqualTo(new Timeouts(
                        new Timeouts.Client(seconds(1), seconds(2), seconds(3), seconds(4), Duration.ofMillis(500)),
                        new Timeouts.Upstream(seconds(6), seconds(420), seconds(15)),
                        new Timeouts.Pool(seconds(8), seconds(9), seconds(3600))));
    }

    @Test
    void readsTheLedger() {
        assertThat(config.ledger())
                .isEqualTo(new GatewayConfig.Ledger(
                        true,
                        GatewayConfig.Ledger.Storage.SQLITE,
                        "file:usage.db?_pragma=busy_timeout(5000)",
                        new GatewayConfig.Ledger.Kept(
                                Duration.ofDays(30), Duration.ofHours(12), 5_000, 8 * 1024 * 1024)));
    }

    @Test
    void leavesTheEngineAtItsDefaultsWhenTheFileIsSilent() {
        GatewayConfig least = Configs.load(Configs.LEAST);

        assertThat(least.engine()).isEqualTo(GatewaySettings.defaults());
        assertThat(least.routing().table().retryOn()).isSameAs(RetryOn.ALL);
        assertThat(least.routing().providers().get("a").firstByteTimeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(least.ledger().save()).isFalse();
        assertThat(least.server())
                .isEqualTo(new GatewayConfig.Server(
                        List.of(GatewayConfig.ClientListener.plain(
                                new HostPort("127.0.0.1", 8080), TrustedProxies.NONE)),
                        null,
                        false,
                        new GatewayConfig.Life(Duration.ZERO, seconds(30), false, null),
                        LogRolling.NEVER));
    }

    @Test
    void printsNoSecret() {
        assertThat(config.toString()).doesNotContain("sk-", "edge; a=b", "org-1", "busy_timeout");
        assertThat(List.of(config.keys().get(2).toString())).noneMatch(text -> text.contains("9f86d0"));
    }

    private static Duration seconds(long n) {
        return Duration.ofSeconds(n);
    }
}
