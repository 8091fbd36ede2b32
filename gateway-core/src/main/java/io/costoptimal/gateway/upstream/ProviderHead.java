package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.http.FieldNames;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a provider's request heads that do not depend on the request, as bytes. Confined to the event loop it was
 * made by, once per provider.
 */
final class ProviderHead {

    /** The end of {@link #fixed}. */
    static final String LENGTH = "Content-Length: ";

    /** Far more providers than one configuration has; only reloads get here, and then starting over is cheap. */
    private static final int CACHED = 1024;

    private static final FastThreadLocal<Map<Provider, ProviderHead>> CACHE = new FastThreadLocal<>() {
        @Override
        protected Map<Provider, ProviderHead> initialValue() {
            return new IdentityHashMap<>();
        }
    };

    /**
     * Method and target of one operation.
     *
     * @param before up to the deployment or the first parameter, or all of the target but the query
     * @param after what follows the deployment; {@code null} when the path names none
     * @param pieces what follows each of the parameters, in their order; {@code null} when the path has none
     */
    record Line(byte[] before, byte[] after, byte[][] pieces) {}

    private final Provider provider;

    /** By the number of the operation; {@code null} until one is asked for. */
    private Line[] lines = {};

    private final FieldNames configured;

    /** The credential if it never changes; {@code null} when it does, and when there is none. */
    private final String token;

    /** Whether the credential may change. */
    private final boolean changing;

    /** From the end of the request target to where the content length goes, with the credential that was used last. */
    private byte[] fixed;

    private String fixedToken;

    /** The names of the provider's own fields, configured ones and that of its credential, which no client may add to. */
    private final FieldNames own;

    /** Whether the client's own credential goes to this provider. */
    final boolean clientsOwn;

    /** Which of a client's fields pass. */
    final ClientFields clientFields;

    /** The configured {@code api-version}; {@code null} when the client's stands. */
    final String apiVersion;

    private ProviderHead(Provider provider) {
        List<String> problems = ProviderCheck.problems(provider);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("provider " + provider.id() + ": " + String.join("; ", problems));
        }
        this.provider = provider;
        configured = FieldNames.of(provider.access().headers().keySet());
        CredentialSource credential = provider.access().credential();
        changing = credential != null && !(credential instanceof CredentialSource.Fixed);
        token = changing ? null : provider.access().token();
        // Clients' fields of the usual names end here anyway.
        boolean usual = credential == null
                || CredentialFields.ALL.contains(provider.kind().credentialField());
        own = usual ? configured : configured.with(provider.kind().credentialField());
        clientsOwn = provider.access().clientsOwn();
        clientFields = new ClientFields(provider.access().forward());
        apiVersion = provider.apiVersion();
        fixedToken = token;
        fixed = write(token, null);
    }

    /** The head parts of {@code provider}; made on first use by the calling thread. */
    static ProviderHead of(Provider provider) {
        Map<Provider, ProviderHead> cache = CACHE.get();
        ProviderHead head = cache.get(provider);
        if (head == null) {
            head = new ProviderHead(provider);
            if (cache.size() >= CACHED) {
                cache.clear();
            }
            cache.put(provider, head);
        }
        return head;
    }

    /** How a request for {@code operation} begins; made on first use. */
    Line line(Operation operation) {
        int number = operation.number();
        Line line = number < lines.length ? lines[number] : null;
        return line == null ? newLine(operation) : line;
    }

    private Line newLine(Operation operation) {
        ProviderPath path = provider.kind().path(provider, operation);
        byte[] after = path.byDeployment() ? bytes(path.after()) : null;
        List<String> all = path.pieces();
        byte[][] pieces = all.size() == 1
                ? null
                : all.stream().skip(1).map(ProviderHead::bytes).toArray(byte[][]::new);
        Line line = new Line(bytes(operation.method() + ' ' + all.get(0)), after, pieces);
        lines = Arrays.copyOf(lines, Math.max(lines.length, operation.number() + 1));
        lines[operation.number()] = line;
        return line;
    }

    /**
     * From the end of the request target to where the content length goes.
     *
     * @param shown the credential of the present attempt, which counts where it may change
     * @param added to this request alone; {@code null} for nothing
     */
    byte[] fixed(String shown, OwnFields added) {
        if (changing && shown != fixedToken) {
            if (shown != null) {
                ProviderCheck.credential(shown);
            }
            fixed = write(shown, null);
            fixedToken = shown;
        }
        return added == null ? fixed : write(fixedToken, added);
    }

    /**
     * The names that no client's field may have.
     *
     * @param added to this request alone; {@code null} for nothing
     */
    FieldNames own(OwnFields added) {
        return added == null ? own : own.with(added.names());
    }

    private byte[] write(String shown, OwnFields added) {
        ProviderCredential credential = ProviderCredential.of(provider, shown);
        FieldNames others = added == null ? FieldNames.NONE : added.names();
        StringBuilder out = new StringBuilder(" HTTP/1.1\r\n");
        if (!configured.contains("host") && !others.covers("host")) {
            out.append("Host: ").append(provider.location().authority()).append("\r\n");
        }
        if (credential != null && !configured.contains(credential.field()) && !others.covers(credential.field())) {
            out.append(credential.field())
                    .append(": ")
                    .append(credential.value())
                    .append("\r\n");
        }
        provider.access().headers().forEach((name, value) -> {
            if (!others.covers(name)) {
                out.append(name).append(": ").append(value).append("\r\n");
            }
        });
        if (added != null) {
            added.writeTo(out);
        }
        return bytes(out.append(LENGTH).toString());
    }

    private static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }
}
