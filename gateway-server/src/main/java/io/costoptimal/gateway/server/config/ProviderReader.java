package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Location.Join;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.Proxy;
import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.upstream.FileCredential;
import io.costoptimal.gateway.upstream.ProviderCheck;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code providers}. Owned by the thread that loads. */
final class ProviderReader {

    /** What stands in for an address that was refused, so that reading can go on. */
    private static final URI NOWHERE = URI.create("http://invalid");

    private final Duration firstByte;
    private final boolean askForUsage;
    private final PriceNotes prices;

    /**
     * @param firstByte the timeout of providers that name none
     * @param askForUsage whether providers that do not say it are asked for usage
     * @param prices told of every provider that says whose list price holds
     */
    ProviderReader(Duration firstByte, boolean askForUsage, PriceNotes prices) {
        this.firstByte = firstByte;
        this.askForUsage = askForUsage;
        this.prices = prices;
    }

    /** Reads the list; by id, in the order of the file. A provider with a problem is in it, so that its id is known. */
    Map<String, Provider> read(Section file) {
        Map<String, Provider> providers = new LinkedHashMap<>();
        for (Value item : file.requiredItems("providers")) {
            item.section().ifPresent(section -> {
                Provider provider = one(section);
                if (provider != null && providers.putIfAbsent(provider.id(), provider) != null) {
                    section.value("id").ifPresent(id -> id.expected("an id that no other provider has"));
                }
            });
        }
        return providers;
    }

    private Provider one(Section section) {
        try (section) {
            String id =
                    section.required("id").flatMap(value -> value.as(Names::id)).orElse(null);
            ProviderKind kind = section.parsed(
                    "type", ProviderKinds.OPENAI, text -> Names.choice(text, ProviderKinds.ALL, ProviderKind::word));
            Optional<BaseUrl> base = section.required("base_url").flatMap(value -> BaseUrl.read(value, kind));
            Join join = section.parsed("join", Join.SDK, text -> Names.choice(text, Join.class));
            Duration timeout = Duration.ofMillis(section.number(Range.timer("timeout", firstByte)));
            Provider.Asking asking = new Provider.Asking(timeout, section.flag("ask_for_usage", askForUsage));
            Provider.Access access =
                    access(section, kind, base.map(BaseUrl::apiVersion).orElse(null));
            Optional<Value> priceAs = section.value("price_as");
            if (id != null) {
                priceAs.ifPresent(value -> prices.provider(id, value));
            }
            if (id == null || base.isEmpty()) {
                section.value("proxy");
                return id == null ? null : new Provider(id, kind, Location.of(NOWHERE), access, asking);
            }
            Location direct = new Location(base.get().url(), join, null);
            Proxy proxy = Proxies.around(section.reading())
                    .of(section.value("proxy"), direct, section)
                    .orElse(null);
            Location location = new Location(base.get().url(), join, proxy);
            Provider provider = new Provider(id, kind, location, access, asking);
            if (section.value("join").isEmpty()) {
                section.value("base_url").ifPresent(value -> BaseUrl.warnIfMoved(value, provider));
            }
            return provider;
        }
    }

    private static Provider.Access access(Section section, ProviderKind kind, String versionOfBase) {
        String token = section.value("access_token")
                .flatMap(value -> value.credential(ProviderCheck::fieldValue))
                .filter(text -> !text.isEmpty())
                .orElse(null);
        if (token != null && token.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length())) {
            section.value("access_token")
                    .ifPresent(value -> value.warn("access_token: begins with Bearer, which is sent before it anyway"
                            + " (expected: the token alone)"));
        }
        CredentialSource credential =
                section.value("access_token_file").map(ProviderReader::file).orElse(null);
        if (credential != null && token != null) {
            section.value("access_token_file")
                    .ifPresent(value -> value.problem("access_token_file beside access_token"));
            credential = null;
        } else if (token != null) {
            credential = CredentialSource.fixed(token);
        }
        String version = section.parsed("api_version", versionOfBase, ProviderCheck::apiVersion);
        if (version != null && !kind.versioned()) {
            section.value("api_version").ifPresent(value -> value.problem("api_version: only for type azure"));
        }
        Map<String, String> headers = section.value("headers")
                .flatMap(Value::section)
                .map(ProviderReader::headers)
                .orElse(Map.of());
        Set<String> forward = new LinkedHashSet<>();
        for (Value name : section.items("forward_headers")) {
            name.as(ProviderCheck::forwardHeader).ifPresent(forward::add);
        }
        boolean clientsOwn = clientsOwn(section, credential != null, headers);
        return new Provider.Access(clientsOwn ? null : credential, version, headers, clientsOwn, forward);
    }

    /** The credential in the file that {@code value} names; {@code null} when it cannot be had, which was noted. */
    private static CredentialSource file(Value value) {
        String path = value.text().orElse(null);
        if (path == null) {
            return null;
        }
        if (value.reading().withoutEnvironment()) {
            return CredentialSource.fixed("file");
        }
        try {
            Path file = value.reading().folder().resolve(path);
            CredentialSource credential = FileCredential.of(file);
            if (ConfigFile.openToAll(file)) {
                value.warn("access_token_file: every user of this machine may read " + path
                        + " (expected: a file mode such as 600)");
            }
            return credential;
        } catch (InvalidPathException e) {
            value.expected("a file that can be read");
        } catch (IllegalArgumentException e) {
            value.expected(e.getMessage());
        }
        return null;
    }

    /** A credential of ours would win over the client's, and hide it. */
    private static boolean clientsOwn(Section section, boolean credentialOfOurs, Map<String, String> headers) {
        Optional<Value> credential = section.value("credential");
        if (credential.isEmpty()) {
            return false;
        }
        if (!credential.get().text().equals(Optional.of("client"))) {
            credential.get().expected("client, or no such key");
            return false;
        }
        boolean ours = credentialOfOurs || headers.keySet().stream().anyMatch(CredentialFields.ALL::contains);
        if (ours) {
            credential
                    .get()
                    .problem("credential: client beside a credential in access_token or headers, or access_token_file");
        }
        return !ours;
    }

    private static Map<String, String> headers(Section section) {
        Map<String, String> headers = new LinkedHashMap<>();
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Value value : section.all()) {
            String field = value.name();
            Optional<String> text = value.asSecret().as(ProviderCheck::fieldValue);
            Value key = section.keyOf(value);
            try {
                ProviderCheck.headerName(field);
            } catch (IllegalArgumentException e) {
                key.expected(e.getMessage());
                continue;
            }
            if (!seen.add(field)) {
                key.expected("each field once, whatever its case");
            } else {
                text.ifPresent(content -> headers.put(field, content));
            }
        }
        return Collections.unmodifiableMap(headers);
    }
}
