package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.http.FieldNames;
import io.costoptimal.gateway.http.HopByHop;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Which of a client's header fields go on to one provider. Immutable, any thread.
 *
 * <p>A name counts whatever its case, and {@code _} in it counts as {@code -}: servers that make variables of fields
 * (RFC 3875, 4.1.18) take {@code Content_Length} for {@code Content-Length}, and so a field that is dropped under one
 * spelling must be dropped under the other.
 */
final class ClientFields {

    /** Checksums of the body as the client sent it (RFC 9530, and what it replaces: RFC 3230, RFC 1864). */
    private static final FieldNames DIGESTS = FieldNames.of("content-digest", "repr-digest", "digest", "content-md5");

    /** Of this hop, written by the gateway, meant for the gateway, or a credential. Nothing lets these pass. */
    private static final FieldNames OURS = HopByHop.FIXED
            .with(CredentialFields.ALL)
            .with(DIGESTS)
            .with("host", "content-length", "content-encoding", "expect", "trailer");

    /** Telling who the client is, or changing where the request goes or how it is answered. */
    private static final FieldNames HELD_BACK = FieldNames.of(
            "accept-encoding",
            "forwarded",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-original-forwarded-for",
            "true-client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "azureml-model-deployment",
            "x-ms-model-mesh-model-name",
            "x-target-url",
            "x-base-url",
            "x-original-url",
            "x-rewrite-url",
            "x-http-method",
            "x-http-method-override",
            "x-method-override");

    private static final FieldNames ENDING = OURS.with(HELD_BACK);

    /** Meant for a proxy; nothing lets these pass either. */
    private static final AsciiString PROXY = AsciiString.cached("proxy-");

    /** Who the client is, and instructions to other gateways: Portkey, Helicone, LiteLLM, Cloudflare, Envoy, Bifrost. */
    private static final AsciiString FORWARDED = AsciiString.cached("x-forwarded-");

    private static final AsciiString PORTKEY = AsciiString.cached("x-portkey-");
    private static final AsciiString HELICONE = AsciiString.cached("helicone-");
    private static final AsciiString LITELLM = AsciiString.cached("x-litellm-");
    private static final AsciiString CLOUDFLARE = AsciiString.cached("cf-aig-");
    private static final AsciiString ENVOY = AsciiString.cached("x-envoy-");
    private static final AsciiString ENVOY_AI = AsciiString.cached("x-ai-eg-");
    private static final AsciiString BIFROST = AsciiString.cached("x-bf-");
    private static final AsciiString UPSTREAM = AsciiString.cached("x-upstream-");

    private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("accept-encoding");

    /** The web page that made a browser send the request (RFC 6454, 7). */
    private static final AsciiString ORIGIN = AsciiString.cached("origin");

    private static final AsciiString IDENTITY = AsciiString.cached("identity");

    private final FieldNames allowed;
    private final AsciiString[] allowedPrefixes;
    /** Whether answers may come compressed if the client accepts that. */
    private final boolean compressed;

    /** @param allowed names that pass though they are held back elsewhere; a {@code *} at the end stands for any rest */
    ClientFields(Collection<String> allowed) {
        List<String> names = new ArrayList<>();
        List<AsciiString> prefixes = new ArrayList<>();
        for (String name : allowed) {
            if (name.endsWith("*")) {
                prefixes.add(AsciiString.of(name.substring(0, name.length() - 1)));
            } else {
                names.add(name);
            }
        }
        this.allowed = FieldNames.of(names);
        this.allowedPrefixes = prefixes.toArray(AsciiString[]::new);
        this.compressed = passes(ACCEPT_ENCODING);
    }

    /** Returns {@code name} if the configuration may let it pass; a {@code *} at its end stands for any rest. */
    static String mayPass(String name) {
        boolean prefix = name.endsWith("*");
        AsciiString text = AsciiString.of(prefix ? name.substring(0, name.length() - 1) : name)
                .toLowerCase();
        boolean ours = prefix
                ? OURS.anyBeginsWith(text) || begins(PROXY, text) || begins(text, PROXY)
                : OURS.covers(text) || begins(text, PROXY);
        if (ours || text.isEmpty() || text.contains("*")) {
            throw new IllegalArgumentException("a field that is neither the gateway's own to set nor a credential");
        }
        return name;
    }

    /** Whether the field ends at the gateway. */
    boolean end(CharSequence name) {
        return (ENDING.covers(name) || byPrefix(name)) && (!passes(name) || isAcceptEncoding(name));
    }

    /** Two looks tell nearly every name from all of these. */
    private static boolean byPrefix(CharSequence name) {
        return switch (name.charAt(0) | 0x20) {
            case 'p' -> begins(name, PROXY);
            case 'h' -> begins(name, HELICONE);
            case 'c' -> begins(name, CLOUDFLARE);
            case 'x' ->
                name.length() > 2
                        && switch (name.charAt(2) | 0x20) {
                            case 'f' -> begins(name, FORWARDED);
                            case 'p' -> begins(name, PORTKEY);
                            case 'l' -> begins(name, LITELLM);
                            case 'u' -> begins(name, UPSTREAM);
                            case 'e' -> begins(name, ENVOY);
                            case 'a' -> begins(name, ENVOY_AI);
                            case 'b' -> begins(name, BIFROST);
                            default -> false;
                        };
            default -> false;
        };
    }

    private boolean passes(CharSequence name) {
        if (allowed.contains(name)) {
            return true;
        }
        for (AsciiString prefix : allowedPrefixes) {
            if (AsciiString.regionMatchesAscii(prefix, true, 0, name, 0, prefix.length())) {
                return !OURS.covers(name) && !begins(name, PROXY);
            }
        }
        return false;
    }

    private static boolean begins(CharSequence name, AsciiString prefix) {
        if (name.length() < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (!FieldNames.same(prefix.charAt(i), name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether the field ends at the gateway if web pages may call it: some providers refuse requests of browsers. */
    boolean endsForPages(CharSequence name) {
        return ORIGIN.contentEqualsIgnoreCase(name) && !passes(name);
    }

    /** Whether the field is true only of a body that goes on as it came. */
    static boolean isDigest(CharSequence name) {
        return DIGESTS.contains(name);
    }

    static boolean isAcceptEncoding(CharSequence name) {
        return ACCEPT_ENCODING.contentEqualsIgnoreCase(name);
    }

    /**
     * What a provider is asked for in the place of a client's {@code Accept-Encoding}: an answer that is not compressed, of
     * which the usage can be read without unpacking it. Where compressed answers are allowed, it is what the client accepts
     * of the codings that can be unpacked. A client that cannot take a plain answer (RFC 9110, 12.5.3) keeps its own words.
     */
    CharSequence acceptEncoding(CharSequence asked) {
        if (!compressed && AsciiString.indexOf(asked, ';', 0) < 0) {
            return IDENTITY;
        }
        return compressed ? Codings.readable(asked.toString()) : Codings.plain(asked.toString());
    }
}
