package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RouteTable.Unnamed;
import io.costoptimal.gateway.server.accesslog.LogRolling;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import io.costoptimal.gateway.server.config.GatewayConfig.Ledger;
import io.costoptimal.gateway.server.config.GatewayConfig.Routing;
import io.costoptimal.gateway.server.config.GatewayConfig.Server;
import io.costoptimal.gateway.server.ledger.postgres.PostgresAddress;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.upstream.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a whole file, key by key, in the order of the documentation. Owned by the thread that loads. */
final class ConfigReader {

    private static final String MYSQL = "mysql";

    private final Section file;

    ConfigReader(Section file) {
        this.file = file;
    }

    /** Reads everything; what is wrong was noted when this returns. */
    GatewayConfig read() {
        try (file) {
            Map<TimeoutKey, Duration> timers = timers();
            Server server = server(life(timers));
            GatewaySettings engine = engine(timers);
            checkHandOver(server, engine);
            Ledger ledger = ledger();
            PriceNotes notes = new PriceNotes();
            Map<String, Provider> providers =
                    new ProviderReader(timers.get(TimeoutKey.FIRST_BYTE), ledger.save(), notes).read(file);
            boolean fallback = file.written("default_provider").isPresent();
            RetryOn retryOn = file.value("retry_on").map(RouteReader::retryOn).orElse(RetryOn.ALL);
            RouteReader routes = new RouteReader(providers, fallback, notes);
            Map<String, ModelRoutes> models = routes.read(file);
            AliasReader aliasReader = new AliasReader(models.keySet(), fallback);
            Map<String, String> aliases = aliasReader.read(file);
            Provider standard =
                    file.written("default_provider").map(routes::provider).orElse(null);
            List<KeyEntry> keys = new ApiKeyReader(aliasReader::check).read(file);
            List<PathRoute> paths = new PathRouteReader(routes::provider, keys, standard).read(file);
            RouteTable table = new RouteTable(
                    aliases, List.copyOf(models.values()), standard, retryOn, new Unnamed(paths, providers));
            Prices prices = new PriceReader(file, providers, notes).read(ledger.save() || askForPrices(models));
            PriceWarnings warnings = new PriceWarnings(prices, ledger.save());
            warnings.of(notes.candidates());
            if (standard != null) {
                file.written("default_provider").ifPresent(value -> warnings.ofDefault(value, standard));
            }
            return new GatewayConfig(
                    server, keys, new Routing(providers, table, CrossOriginReader.read(file), prices), engine, ledger);
        }
    }

    /** Whether a rule speaks of what candidates cost. */
    private static boolean askForPrices(Map<String, ModelRoutes> models) {
        return models.values().stream()
                .flatMap(model -> model.rules().stream())
                .anyMatch(rule -> rule.rule().usesPrices());
    }

    private GatewayConfig.Life life(Map<TimeoutKey, Duration> timers) {
        boolean watch = file.parsed("reload", false, text -> switch (text) {
            case "signal" -> false;
            case "watch" -> true;
            default -> throw new IllegalArgumentException("signal or watch");
        });
        Path handOver = file.parsed(
                "hand_over", null, text -> ListenAddress.UnixPath.parse(text).path());
        return new GatewayConfig.Life(
                timers.get(TimeoutKey.DRAIN_DELAY), timers.get(TimeoutKey.DRAIN), watch, handOver);
    }

    /** Descriptors are read and sent by one transport only. */
    private void checkHandOver(Server server, GatewaySettings engine) {
        if (server.life().handOver() != null && engine.transport() != Transport.EPOLL) {
            file.value("hand_over")
                    .ifPresent(value -> value.problem("hand_over: the transport is "
                            + engine.transport().name().toLowerCase(Locale.ROOT) + " (expected: epoll)"));
        }
    }

    private Server server(GatewayConfig.Life life) {
        List<ClientListener> listeners = new ListenerReader(file).read();
        return new Server(listeners, AdminReader.read(file, listeners), file.flag("debug", false), life, rolling());
    }

    private LogRolling rolling() {
        try (Section section = file.sectionOrEmpty("access_log")) {
            return new LogRolling(
                    section.number("roll_size"),
                    section.parsed(
                            "roll_every", LogRolling.Every.NEVER, text -> Names.choice(text, LogRolling.Every.class)),
                    (int) section.number("kept_files"),
                    section.flag("compress", true));
        }
    }

    private Map<TimeoutKey, Duration> timers() {
        try (Section section = file.sectionOrEmpty("timeouts")) {
            return TimeoutKey.read(section);
        }
    }

    private GatewaySettings engine(Map<TimeoutKey, Duration> timers) {
        Limits limits;
        try (Section section = file.sectionOrEmpty("limits")) {
            limits = LimitKey.read(section);
        }
        List<X509Certificate> trusted;
        try (Section section = file.sectionOrEmpty("tls")) {
            trusted = section.value("ca_file").flatMap(this::certificates).orElse(List.of());
        }
        return new GatewaySettings(
                file.parsed("transport", Transport.auto(), Transport::named),
                (int) file.number("event_loops"),
                limits,
                TimeoutKey.engine(timers),
                trusted);
    }

    private Optional<List<X509Certificate>> certificates(Value value) {
        String text = value.text().orElse(null);
        if (text == null) {
            return Optional.empty();
        }
        List<X509Certificate> certificates = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file.reading().folder().resolve(text))) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                certificates.add((X509Certificate) certificate);
            }
        } catch (InvalidPathException | IOException e) {
            return value.expected("a file that can be read");
        } catch (CertificateException e) {
            return value.expected("a file with certificates in PEM form");
        }
        return certificates.isEmpty()
                ? value.expected("a file with certificates in PEM form")
                : Optional.of(certificates);
    }

    /** The original's third kind of database loads, so that its files do, and is replaced. */
    private static Ledger.Storage storage(Optional<Value> written, String text) {
        if (!text.equals(MYSQL)) {
            return Names.choice(text, Ledger.Storage.class);
        }
        written.ifPresent(value -> value.warn("storage_type: there is no ledger in MySQL; this one is sqlite, at"
                + " file:usage.db (expected: sqlite or postgres)"));
        return Ledger.Storage.SQLITE;
    }

    private Ledger ledger() {
        boolean save = file.flag("save_usage", false);
        Optional<Value> type = file.written("storage_type");
        Ledger.Storage storage =
                type.flatMap(value -> value.as(text -> storage(type, text))).orElse(Ledger.Storage.SQLITE);
        boolean mysql = type.flatMap(Value::text).orElse("").equals(MYSQL);
        Optional<Value> uri = file.written("storage_uri").map(Value::asSecret).filter(value -> !mysql);
        if (uri.isEmpty() && save && storage == Ledger.Storage.POSTGRES) {
            type.ifPresent(value -> value.problem("storage_type: postgres needs storage_uri"));
        }
        String address = uri.flatMap(Value::text).orElse("file:usage.db");
        if (storage == Ledger.Storage.SQLITE) {
            uri.ifPresent(value -> sqlite(value, address, save));
        } else if (save) {
            uri.ifPresent(value -> postgres(value, address));
        }
        return new Ledger(save, storage, address, kept());
    }

    private static void sqlite(Value uri, String address, boolean save) {
        try {
            SqliteFiles.of(address);
        } catch (IllegalArgumentException e) {
            if (save) {
                uri.problem("storage_uri: (expected: " + e.getMessage() + ")");
            }
            return;
        }
        if (save && address.contains("_pragma")) {
            uri.warn("storage_uri: _pragma is not used; the ledger has settings of its own");
        }
    }

    private static void postgres(Value uri, String address) {
        try {
            PostgresAddress.of(address);
        } catch (IllegalArgumentException e) {
            uri.problem("storage_uri: (expected: " + e.getMessage() + ")");
        }
    }

    private Ledger.Kept kept() {
        boolean cleanup = file.flag("cleanup_enabled", true);
        Duration retention = Duration.ofDays(file.number("retention_days"));
        long hours = file.number("cleanup_interval_hours");
        try (Section section = file.sectionOrEmpty("ledger")) {
            return new Ledger.Kept(
                    retention,
                    cleanup ? Duration.ofHours(hours) : null,
                    (int) section.number("queue_rows"),
                    section.number("queue_bytes"));
        }
    }
}
