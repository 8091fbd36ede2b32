package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.server.accesslog.LogRolling;
import io.costoptimal.gateway.server.config.Form.Either;
import io.costoptimal.gateway.server.config.Form.ListOf;
import io.costoptimal.gateway.server.config.Form.MapOf;
import io.costoptimal.gateway.server.config.Form.OwnKeys;
import io.costoptimal.gateway.server.config.Form.Pattern;
import io.costoptimal.gateway.server.config.Form.Plain;
import io.costoptimal.gateway.server.config.Form.Word;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Every key of the configuration file. Readers can ask for no key that is missing here, a key here that no reader asks for
 * fails every test that loads a file, and the JSON schema, the suggestions for misspelt keys and the test of the
 * documentation come from this table too.
 *
 * <p>To add a key: a row here, the code that reads it, a row in {@code docs/configuration.md}, a line in
 * {@code config.example.yaml}, and {@code config.schema.json} written anew.
 */
final class Format {

    private static final Form KINDS =
            new Word(ProviderKinds.ALL.stream().map(ProviderKind::word).toList());
    private static final Form TEXTS = new ListOf(Plain.TEXT);
    private static final Form RETRY_WORD = new Pattern("connect_error|no_answer|timeout|4xx|5xx|[45][0-9][0-9]");
    private static final Form RETRY_ON = Either.of(RETRY_WORD, new ListOf(RETRY_WORD));

    /** A key of {@code api_keys}. */
    static final Table API_KEY = Table.of(
            Setting.of("key", Plain.SECRET, "The key, or sha256: and the 64 hexadecimal digits of its digest.")
                    .needed()
                    .alsoKnownAs("api_key", "token", "value", "secret"),
            Setting.of("name", Plain.TEXT, "What logs, metrics and the rule variable Key call it; unique.")
                    .alsoKnownAs("id", "key_alias", "key_name", "user"),
            Setting.of("role", Word.of("client", "admin"), "client, or admin for the admin listener as well.")
                    .standard("client"),
            Setting.of("models", TEXTS, "The models it may ask for, by name or wildcard; all without it.")
                    .alsoKnownAs("allowed_models"),
            Setting.of(
                            "client_certificates",
                            TEXTS,
                            "Certificates that act as it: sha256: and digits, or one alternative name each.")
                    .alsoKnownAs("certificates", "client_certs", "spiffe_ids"));

    /** A provider of {@code providers}. */
    static final Table PROVIDER = Table.of(
            Setting.of("id", Plain.TEXT, "What routes call it; unique.")
                    .needed()
                    .alsoKnownAs("name", "provider"),
            Setting.of("type", KINDS, "Which API it speaks.")
                    .standard("openai")
                    .alsoKnownAs("kind", "custom_llm_provider"),
            Setting.of("base_url", Plain.TEXT, "Where it is: http or https, host, optional port and path.")
                    .needed()
                    .alsoKnownAs("url", "api_base", "endpoint", "host", "api_url", "base"),
            Setting.of("join", Word.of("sdk", "v1"), "How base_url and the path of an operation are put together.")
                    .standard("sdk"),
            Setting.of(
                            "proxy",
                            Plain.SECRET,
                            "http://[user:password@]host:port, or none; the environment's HTTPS_PROXY or HTTP_PROXY"
                                    + " without it.")
                    .alsoKnownAs("http_proxy", "https_proxy", "proxy_url"),
            Setting.of("access_token", Plain.SECRET, "The provider's own key.")
                    .alsoKnownAs("api_key", "apikey", "key", "token", "api_token", "secret", "auth", "authorization"),
            Setting.of(
                            "access_token_file",
                            Plain.TEXT,
                            "A file with the provider's key, read again while requests come.")
                    .alsoKnownAs("api_key_file", "key_file", "token_file"),
            Setting.of("credential", Word.of("client"), "client: each client brings its own key for this provider."),
            Setting.of("headers", new OwnKeys(Plain.SECRET), "Header fields set on every request.")
                    .alsoKnownAs("extra_headers"),
            Setting.of(
                            "forward_headers",
                            TEXTS,
                            "Fields of clients that go to this provider though held back elsewhere.")
                    .alsoKnownAs("forwarded_headers", "pass_headers", "allow_headers"),
            Setting.of(
                            "timeout",
                            new Form.Number(Range.timer("timeout", Duration.ofSeconds(300))),
                            "From the end of a request to the first byte of its answer;"
                                    + " timeouts.first_byte without it.")
                    .alsoKnownAs("request_timeout", "timeout_seconds"),
            Setting.of("api_version", Plain.TEXT, "azure only: the api-version of every request."),
            Setting.of(
                    "ask_for_usage",
                    Plain.FLAG,
                    "Chat streams are asked for usage where the client leaves that open, and the event that this adds is"
                            + " kept from it; as save_usage says without it."),
            PriceKeys.PRICE_AS);

    /** A candidate that is written as a map. */
    static final Table CANDIDATE = Table.of(
            Setting.of("provider", Plain.TEXT, "The id of a provider.").alsoKnownAs("provider_id", "name"),
            Setting.of("id", Plain.TEXT, "Another name for provider."),
            Setting.of("model", Plain.TEXT, "The name this provider knows the model by; unchanged without it.")
                    .alsoKnownAs("target", "model_name"),
            Setting.of(
                    new Range("weight", Unit.COUNT, 1, 0, Strategy.Weighted.MOST),
                    "How often it comes first, beside the others; with strategy weighted only."),
            PriceKeys.PRICE_AS);

    private static final Form CANDIDATES =
            Either.of(new ListOf(Either.of(Plain.TEXT, new MapOf(CANDIDATE))), new OwnKeys(Plain.TEXT));

    private static final Form STRATEGY = Word.of("ordered", "cheapest", "weighted");
    private static final Form AFFINITY = Word.of("conversation", "none");

    /** {@code reject} of a rule. */
    static final Table REJECT = Table.of(
            Setting.of(
                            new Range("status", Unit.COUNT, 403, 400, 503),
                            "What the client is answered: 400 to 499, or 503.")
                    .alsoKnownAs("code", "status_code"),
            Setting.of("message", Plain.TEXT, "What the client is told.")
                    .needed()
                    .alsoKnownAs("text", "error", "reason"));

    /** A rule of a model. */
    static final Table RULE = Table.of(
            Setting.of("rule", Plain.RULE, "The expression that a request fulfils or not.")
                    .needed()
                    .alsoKnownAs("when", "if", "expr", "expression", "condition", "match"),
            Setting.of("providers", CANDIDATES, "Candidates when the rule holds.")
                    .alsoKnownAs("then", "targets", "candidates"),
            Setting.of("strategy", STRATEGY, "In which order its candidates are tried; the model's without it."),
            Setting.of("affinity", AFFINITY, "As the model's; the model's without it."),
            Setting.of("reject", new MapOf(REJECT), "Refuses what the rule matches; stands in the place of providers.")
                    .alsoKnownAs("deny", "block", "refuse"));

    /** A model of {@code models}. */
    static final Table MODEL = Table.of(
            Setting.of("model", Plain.TEXT, "The name clients ask for, or a wildcard such as gpt-*; unique.")
                    .needed()
                    .alsoKnownAs("name", "id", "model_name"),
            Setting.of("providers", CANDIDATES, "Candidates when no rule holds.")
                    .alsoKnownAs("targets", "candidates", "deployments"),
            Setting.of(
                            "strategy",
                            STRATEGY,
                            "In which order candidates are tried: as listed, cheapest first, or by weight.")
                    .standard("ordered")
                    .alsoKnownAs("routing_strategy", "load_balancing", "order"),
            Setting.of(
                            "affinity",
                            AFFINITY,
                            "Whether a conversation stays with the provider that caches it while that is cheaper;"
                                    + " with strategy cheapest only.")
                    .standard("conversation")
                    .alsoKnownAs("sticky", "session_affinity"),
            Setting.of("rules", new ListOf(new MapOf(RULE)), "The first rule that holds chooses."),
            Setting.of("retry_on", RETRY_ON, "Which failures of this model's candidates move on to the next.")
                    .alsoKnownAs("fallback_on", "retry", "retries"));

    /** An entry of {@code routes}. */
    static final Table PATH_ROUTE = Table.of(
            Setting.of("paths", TEXTS, "Paths such as /v1/files/*, with * for a segment, at the end for any number.")
                    .needed()
                    .alsoKnownAs("path", "prefix", "match"),
            Setting.of("methods", TEXTS, "The methods that are meant; all without it.")
                    .alsoKnownAs("method", "verbs"),
            Setting.of("provider", Plain.TEXT, "Where these requests go; to default_provider without it.")
                    .alsoKnownAs("target", "upstream", "to"),
            Setting.of("keys", TEXTS, "Names of the keys that may send them; all without it.")
                    .alsoKnownAs("api_keys", "allow", "allowed_keys"),
            Setting.of(
                            "share_objects",
                            Plain.FLAG,
                            "Whether these keys may read, list and delete what others have made.")
                    .standard("false")
                    .alsoKnownAs("shared", "share"));

    /** An alias. */
    static final Table ALIAS = Table.of(
            Setting.of("model", Plain.TEXT, "The other name.").needed().alsoKnownAs("alias", "name", "from"),
            Setting.of("target", Plain.TEXT, "What it stands for: a model or another alias.")
                    .needed()
                    .alsoKnownAs("to", "for"));

    /** A certificate of a listener. */
    static final Table CERTIFICATE = Table.of(
            Setting.of(
                            "certificate",
                            Plain.TEXT,
                            "A file in PEM form: the certificate, and those that lead to its root.")
                    .needed()
                    .alsoKnownAs("cert", "cert_file", "ssl_certificate", "chain", "crt", "pem"),
            Setting.of("key", Plain.TEXT, "A file in PEM form with its private key.")
                    .needed()
                    .alsoKnownAs("key_file", "private_key", "ssl_certificate_key"),
            Setting.of("key_password", Plain.SECRET, "Of a key that is encrypted.")
                    .alsoKnownAs("password", "passphrase"));

    /** {@code tls} of a listener. */
    static final Table LISTENER_TLS = Table.of(
            Setting.of("certificates", new ListOf(new MapOf(CERTIFICATE)), "Chosen by the name that a client asks for.")
                    .needed()
                    .alsoKnownAs("certs", "certificate", "cert"),
            Setting.of("client_ca", Plain.TEXT, "A file in PEM form with the authorities of clients' certificates.")
                    .alsoKnownAs("client_ca_file", "ca_file", "ca", "ssl_client_certificate"),
            Setting.of("client_auth", Word.of("optional", "required"), "Whether a client must have one of those.")
                    .standard("required")
                    .alsoKnownAs("verify_client", "ssl_verify_client", "mtls"),
            Setting.of("ticket_secret_file", Plain.TEXT, "A file of 32 random bytes or more that processes share.")
                    .alsoKnownAs("ticket_key", "ticket_keys", "ssl_session_ticket_key"));

    /** A listener of {@code listeners}. */
    static final Table LISTENER = Table.of(
            Setting.of("listen", Plain.TEXT, "host:port, [v6]:port, :port for all addresses of IPv4, or unix:/path.")
                    .needed()
                    .alsoKnownAs("address", "port", "bind", "host", "path"),
            Setting.of("mode", new Pattern("[0-7]{3}"), "Who may connect to a unix:/path, as chmod takes it.")
                    .standard("660")
                    .alsoKnownAs("permissions", "socket_mode"),
            Setting.of("proxy_protocol", Plain.FLAG, "Every connection begins with a header of the PROXY protocol.")
                    .standard("false")
                    .alsoKnownAs("accept_proxy", "send_proxy"),
            Setting.of("http2", Plain.FLAG, "Clients may speak HTTP/2; the default is true with tls, else false.")
                    .alsoKnownAs("h2", "h2c", "http_2"),
            Setting.of("tls", new MapOf(LISTENER_TLS), "Clients come over TLS.")
                    .alsoKnownAs("ssl", "https", "listen_tls"));

    /** {@code admin}. */
    static final Table ADMIN = Table.of(
            Setting.of(
                            "listen",
                            Plain.TEXT,
                            "Where operators are served: host:port, on loopback unless a host is given, or unix:/path.")
                    .needed()
                    .alsoKnownAs("address", "port", "bind"),
            Setting.of("mode", new Pattern("[0-7]{3}"), "Who may connect to a unix:/path, as chmod takes it.")
                    .standard("660"),
            Setting.of("hosts", TEXTS, "Names by which it may be called, beside localhost and its own address.")
                    .alsoKnownAs("host", "allowed_hosts", "server_name"),
            Setting.of("tls", new MapOf(LISTENER_TLS), "Operators come over TLS.")
                    .alsoKnownAs("ssl", "https"),
            Setting.of("insecure", Plain.FLAG, "Listen beyond loopback without TLS.")
                    .standard("false")
                    .alsoKnownAs("allow_http"));

    /** {@code access_log}. */
    static final Table ACCESS_LOG = Table.of(
            Setting.of(
                            new Range("roll_size", Unit.BYTES, LogRolling.NEVER.size(), 0, 1L << 40),
                            "Size of the access log's file at which it is put aside and a new one begun; 0 for never.")
                    .alsoKnownAs("max_size", "maxsize", "size"),
            Setting.of(
                            "roll_every",
                            Word.of("never", "hour", "day", "month"),
                            "How often a new file is begun, whatever its size; in UTC.")
                    .standard("never")
                    .alsoKnownAs("interval", "rotate", "when"),
            Setting.of(
                            new Range("kept_files", Unit.COUNT, LogRolling.NEVER.kept(), 1, 100_000),
                            "Files put aside that are kept; older ones are deleted.")
                    .alsoKnownAs("max_backups", "backups", "max_files", "rotate_count", "keep"),
            Setting.of("compress", Plain.FLAG, "Whether files put aside are compressed.")
                    .standard("true")
                    .alsoKnownAs("gzip", "compression"));

    /** {@code cors}. */
    static final Table CORS = Table.of(
            Setting.of("origins", TEXTS, "Origins of the pages, such as https://app.example.com, or * for every page.")
                    .needed()
                    .alsoKnownAs("allow_origins", "allowed_origins", "origin"),
            Setting.of(
                    Range.timer("max_age", Duration.ofHours(1)),
                    "How long browsers remember that a page may send requests."));

    /** {@code ledger}. */
    static final Table LEDGER = Table.of(
            Setting.of(
                            new Range("queue_rows", Unit.COUNT, 200_000, 1_000, 10_000_000),
                            "Records that may wait for the ledger's database; more are dropped and counted.")
                    .alsoKnownAs("queue_size", "buffer_size"),
            Setting.of(
                    new Range("queue_bytes", Unit.BYTES, 64L << 20, 1L << 20, 64L << 30),
                    "How much memory those may take."));

    /** {@code tls}. */
    static final Table TLS = Table.of(
            Setting.of("ca_file", Plain.TEXT, "Certificates in PEM form, trusted for providers beside the platform's.")
                    .alsoKnownAs("ca", "ca_cert", "ca_bundle"));

    /** {@code limits}. */
    static final Table LIMITS = Table.of(Stream.of(LimitKey.values()).map(LimitKey::setting));

    /** {@code timeouts}. */
    static final Table TIMEOUTS = Table.of(Stream.of(TimeoutKey.values()).map(TimeoutKey::setting));

    /** The file as a whole. */
    static final Table FILE = Table.of(
            Setting.of("listen", Plain.TEXT, "host:port, [v6]:port, :port for all addresses of IPv4, or unix:/path.")
                    .standard("127.0.0.1:8080")
                    .alsoKnownAs("address", "port", "bind", "host"),
            Setting.of("listen_tls", new MapOf(LISTENER_TLS), "Clients come over TLS to listen.")
                    .alsoKnownAs("ssl", "https"),
            Setting.of("listeners", new ListOf(new MapOf(LISTENER)), "Several listeners, in the place of listen.")
                    .alsoKnownAs("binds", "listens"),
            Setting.of("api_keys", new ListOf(Either.of(Plain.SECRET, new MapOf(API_KEY))), "Who may come in.")
                    .needed()
                    .alsoKnownAs("keys", "tokens", "master_key"),
            Setting.of("providers", new ListOf(new MapOf(PROVIDER)), "Where requests can go.")
                    .needed()
                    .alsoKnownAs("upstreams", "backends", "targets"),
            Setting.of("models", new ListOf(new MapOf(MODEL)), "Which model goes where.")
                    .alsoKnownAs("model_routes"),
            Setting.of("prices", new ListOf(new MapOf(PriceKeys.PRICE)), "What models cost at providers.")
                    .alsoKnownAs("price", "cost", "costs", "pricing", "input_cost_per_token", "output_cost_per_token"),
            Setting.of("prices_file", Plain.TEXT, "A list of vendors' prices that stands before the catalogue.")
                    .alsoKnownAs("price_file", "pricing_file", "price_list"),
            Setting.of("alias", new ListOf(new MapOf(ALIAS)), "Other names for models.")
                    .alsoKnownAs("aliases", "model_alias", "model_aliases", "model_group_alias"),
            Setting.of("routes", new ListOf(new MapOf(PATH_ROUTE)), "Where requests go that name no model, by path.")
                    .alsoKnownAs("paths", "passthrough", "pass_through"),
            Setting.of("default_provider", Plain.TEXT, "Serves every model that no route serves.")
                    .alsoKnownAs("default", "fallback", "fallback_provider"),
            Setting.of("retry_on", RETRY_ON, "Which failures move on to the next candidate.")
                    .standard("[connect_error, no_answer, timeout, 4xx, 5xx]")
                    .alsoKnownAs("fallback_on", "retry", "retries"),
            Setting.of("admin", new MapOf(ADMIN), "The listener for operators: metrics, health, usage, dashboard."),
            Setting.of(
                            "trusted_proxies",
                            TEXTS,
                            "Proxies that may say where a request comes from: addresses, ranges such as 10.0.0.0/8, or unix:.")
                    .alsoKnownAs("set_real_ip_from", "real_ip_from", "trusted_ips", "forwarded_allow_ips"),
            Setting.of(
                            "forwarded_field",
                            Word.of("x-forwarded-for", "forwarded"),
                            "The field in which those proxies note addresses.")
                    .standard("x-forwarded-for")
                    .alsoKnownAs("real_ip_header", "client_ip_header"),
            Setting.of("access_log", new MapOf(ACCESS_LOG), "When the file of the access log is put aside.")
                    .alsoKnownAs("accesslog", "logging", "log"),
            Setting.of(
                    "cors", new MapOf(CORS), "Which web pages may call the gateway from a browser; none without it."),
            Setting.of("reload", Word.of("signal", "watch"), "watch: load a file that has changed without a signal.")
                    .standard("signal"),
            Setting.of("hand_over", Plain.TEXT, "File at which the next process takes over the listening sockets.")
                    .alsoKnownAs("takeover", "graceful_restart", "upgrade_socket"),
            Setting.of("debug", Plain.FLAG, "Log at DEBUG.").standard("false").alsoKnownAs("verbose", "log_level"),
            Setting.of("save_usage", Plain.FLAG, "Keep a ledger of usage.").standard("false"),
            Setting.of("storage_type", Word.of("sqlite", "postgres", "mysql"), "Kind of the ledger's database.")
                    .standard("sqlite"),
            Setting.of("storage_uri", Plain.SECRET, "Where the ledger is.")
                    .standard("file:usage.db")
                    .alsoKnownAs("database_url", "dsn"),
            Setting.of(new Range("retention_days", Unit.COUNT, 90, 1, 36_500), "How long records are kept."),
            Setting.of("cleanup_enabled", Plain.FLAG, "Whether older records are removed.")
                    .standard("true"),
            Setting.of(new Range("cleanup_interval_hours", Unit.COUNT, 24, 1, 8_760), "How often."),
            Setting.of("ledger", new MapOf(LEDGER), "How much may wait for the ledger's database."),
            Setting.of("tls", new MapOf(TLS), "Whom to trust among providers."),
            Setting.of("transport", Word.of("auto", "epoll", "io_uring", "nio"), "How sockets are served.")
                    .standard("auto"),
            Setting.of(
                            "event_loops",
                            new Form.Number(new Range("event_loops", Unit.COUNT, cores(), 1, 1024)),
                            "Number of event loops; one for each core without it.")
                    .alsoKnownAs("threads", "workers", "num_workers"),
            Setting.of("limits", new MapOf(LIMITS), "What bounds memory."),
            Setting.of("timeouts", new MapOf(TIMEOUTS), "What bounds time."));

    private Format() {}

    /** Every key there is, by where it stands: {@code models[].rules[].rule}. In the order of the documentation. */
    static Map<String, Setting> everything() {
        Map<String, Setting> all = new LinkedHashMap<>();
        collect("", FILE, all);
        return all;
    }

    private static void collect(String prefix, Table table, Map<String, Setting> all) {
        for (Setting setting : table.settings()) {
            String path = prefix + setting.name();
            all.put(path, setting);
            collect(path + ".", setting.form().table(), all);
            collect(path + "[].", setting.form().item().table(), all);
        }
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }
}
