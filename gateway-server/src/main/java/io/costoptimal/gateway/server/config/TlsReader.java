package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.tls.Pem;
import io.costoptimal.gateway.tls.TlsFileException;
import io.costoptimal.gateway.tls.TlsFiles;
import io.costoptimal.gateway.tls.TlsSettings.ClientAuth;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code tls} of a listener and {@code listen_tls}, and every file that it names. Owned by the thread that loads. */
final class TlsReader {

    private final Map<String, Value> named = new HashMap<>();

    private TlsReader() {}

    /** What {@code value} says; empty with a problem noted when something cannot be used. */
    static Optional<TlsFiles> read(Value value) {
        return value.section().flatMap(section -> {
            try (section) {
                return new TlsReader().files(section);
            }
        });
    }

    private Optional<TlsFiles> files(Section section) {
        List<TlsFiles.Pair> pairs = new ArrayList<>();
        List<Value> items = section.requiredItems("certificates");
        items.forEach(item -> item.section().flatMap(this::pair).ifPresent(pairs::add));
        Optional<Value> authorities = section.value("client_ca");
        Optional<Path> clientCa = authorities.flatMap(TlsReader::path);
        clientCa.ifPresent(file -> check(authorities.get(), () -> Pem.certificates(file)));
        Optional<Value> written = section.value("client_auth");
        ClientAuth auth = written.flatMap(value -> value.as(TlsReader::auth)).orElse(ClientAuth.REQUIRED);
        if (authorities.isEmpty()) {
            written.ifPresent(value -> value.problem("client_auth: without client_ca (expected: both, or neither)"));
        }
        Optional<Value> secret = section.value("ticket_secret_file");
        Optional<Path> ticketSecret = secret.flatMap(TlsReader::path);
        ticketSecret.ifPresent(file -> check(secret.get(), () -> TlsFiles.secret(file)));
        return pairs.isEmpty() || pairs.size() < items.size()
                ? Optional.empty()
                : Optional.of(new TlsFiles(pairs, clientCa.orElse(null), auth, ticketSecret.orElse(null)));
    }

    private Optional<TlsFiles.Pair> pair(Section section) {
        try (section) {
            Optional<Value> certificate = section.required("certificate");
            Optional<Value> key = section.required("key");
            String password = section.value("key_password")
                    .flatMap(value -> value.credential(text -> text))
                    .orElse(null);
            Optional<Path> chain = certificate.flatMap(TlsReader::path);
            Optional<Path> secret = key.flatMap(TlsReader::path);
            if (chain.isEmpty() || secret.isEmpty()) {
                return Optional.empty();
            }
            TlsFiles.Pair pair = new TlsFiles.Pair(chain.get(), secret.get(), password);
            check(certificate.get(), () -> warnOfNames(certificate.get(), pair));
            return Optional.of(pair);
        }
    }

    /** Of two certificates for one name the first is served. */
    private Object warnOfNames(Value certificate, TlsFiles.Pair pair) throws TlsFileException {
        for (String name : pair.read().names()) {
            if (named.putIfAbsent(name, certificate) != null) {
                certificate.warn("certificate: one before this is for " + name + " too, and is the one that is served");
            }
        }
        return pair;
    }

    private interface Check {
        Object read() throws TlsFileException;
    }

    private static void check(Value value, Check check) {
        try {
            check.read();
        } catch (TlsFileException e) {
            value.problem(value.name() + ": " + e.getMessage());
        }
    }

    private static Optional<Path> path(Value value) {
        return value.text().flatMap(text -> {
            try {
                return Optional.of(value.reading().folder().resolve(text));
            } catch (InvalidPathException e) {
                return value.expected("a path of a file");
            }
        });
    }

    private static ClientAuth auth(String text) {
        return switch (text) {
            case "optional" -> ClientAuth.OPTIONAL;
            case "required" -> ClientAuth.REQUIRED;
            default -> throw new IllegalArgumentException("optional or required");
        };
    }
}
