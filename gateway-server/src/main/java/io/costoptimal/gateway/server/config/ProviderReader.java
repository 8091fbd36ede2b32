package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Provider.Kind;
import io.costoptimal.gateway.upstream.RequestHead;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code providers}. Owned by the thread that loads. */
final class ProviderReader {

    /** What stands in for an address that was refused, so that reading can go on. */
    private static final URI NOWHERE = URI.create("http://invalid");

    /** Fields that frame the message or belong to the connection: the gateway's own business (RFC 9110 7.6.1). */
    private static final Set<String> NOT_CONFIGURABLE = Set.of(
            "connection",
            "content-length",
            "expect",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final Duration firstByte;

    /** @param firstByte the timeout of providers that name none */
    ProviderReader(Duration firstByte) {
        this.firstByte = firstByte;
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
            Kind kind = section.parsed("type", Kind.OPENAI, text -> Names.choice(text, Kind.class));
            URI base =
                    section.required("base_url").flatMap(ProviderReader::base).orElse(NOWHERE);
            Duration timeout = Duration.ofMillis(section.number(Range.timer("timeout", firstByte)));
            Provider.Access access = access(section, kind);
            if (id == null) {
                return null;
            }
            Provider provider = new Provider(id, kind, base, access, timeout);
            RequestHead.problems(provider).forEach(section::problem);
            return provider;
        }
    }

    private static Provider.Access access(Section section, Kind kind) {
        String token = section.value("access_token")
                .flatMap(value -> value.credential(Names::fieldValue))
                .filter(text -> !text.isEmpty())
                .orElse(null);
        String version = section.parsed("api_version", null, Names::queryValue);
        if (version != null && kind != Kind.AZURE) {
            section.value("api_version").ifPresent(value -> value.problem("api_version: only for type azure"));
        }
        Map<String, String> headers = section.value("headers")
                .flatMap(Value::section)
                .map(ProviderReader::headers)
                .orElse(Map.of());
        return new Provider.Access(token, version, headers);
    }

    private static Map<String, String> headers(Section section) {
        Map<String, String> headers = new LinkedHashMap<>();
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Value value : section.all()) {
            String field = value.name();
            Optional<String> text = value.asSecret().as(Names::fieldValue);
            if (!Names.isToken(field)) {
                section.keyOf(value).expected("the name of a header field");
            } else if (NOT_CONFIGURABLE.contains(field.toLowerCase(Locale.ROOT))) {
                section.keyOf(value).expected("a field that is not the gateway's own to set");
            } else if (!seen.add(field)) {
                section.keyOf(value).expected("each field once, whatever its case");
            } else {
                text.ifPresent(content -> headers.put(field, content));
            }
        }
        return Collections.unmodifiableMap(headers);
    }

    /** Reads an address; one with a user in it is not shown, because a password is likely there too. */
    private static Optional<URI> base(Value value) {
        boolean user = value.text().filter(text -> text.contains("@")).isPresent();
        return (user ? value.asSecret() : value).as(ProviderReader::address);
    }

    private static URI address(String text) {
        URI uri;
        try {
            uri = new URI(text).parseServerAuthority();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a URL such as https://api.openai.com/v1", e);
        }
        if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("http:// or https://");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException("a host and, if any, a port from 1 to 65535");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("no user and password; they belong in access_token or headers");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("no query and no fragment");
        }
        return uri;
    }
}
