package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.config.GatewayConfig.Admin;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import io.costoptimal.gateway.server.config.GatewayConfig.Server;
import io.costoptimal.gateway.tls.TlsFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tells which keys of a configuration a reload cannot take over. Stateless. */
final class Restart {

    private Restart() {}

    /**
     * The keys, as a file spells them, that are not what the process was started with.
     *
     * @param started what the process runs with, which is not what was reloaded last
     */
    static List<String> neededFor(GatewayConfig started, GatewayConfig next) {
        Server server = started.server();
        GatewaySettings engine = started.engine();
        List<String> keys = new ArrayList<>();
        note(keys, "listen", fixed(server.listeners()), fixed(next.server().listeners()));
        note(keys, "admin", fixed(server.admin()), fixed(next.server().admin()));
        note(keys, "transport", engine.transport(), next.engine().transport());
        note(keys, "event_loops", engine.eventLoops(), next.engine().eventLoops());
        note(keys, "limits", engine.limits(), next.engine().limits());
        note(keys, "timeouts", engine.timeouts(), next.engine().timeouts());
        note(keys, "timeouts.drain", server.drain(), next.server().drain());
        note(
                keys,
                "timeouts.drain_delay",
                server.life().drainDelay(),
                next.server().life().drainDelay());
        note(keys, "reload", server.life().watchesFile(), next.server().life().watchesFile());
        note(keys, "hand_over", server.life().handOver(), next.server().life().handOver());
        note(keys, "access_log", server.rolling(), next.server().rolling());
        // Money is counted from the start or not at all; prices themselves are taken over.
        note(keys, "prices", priced(started), priced(started) || priced(next));
        note(keys, "save_usage", started.ledger().save(), next.ledger().save());
        if (started.ledger().save() && next.ledger().save()) {
            note(keys, "ledger", started.ledger(), next.ledger());
        }
        note(keys, "tls", engine.alsoTrusted(), next.engine().alsoTrusted());
        return keys;
    }

    /** All but certificates and keys, which are taken over wherever there are some already. */
    private static List<ClientListener> fixed(List<ClientListener> listeners) {
        return listeners.stream()
                .map(listener -> listener.over(some(listener.tls())))
                .toList();
    }

    private static Admin fixed(Admin admin) {
        return admin == null ? null : new Admin(admin.listen(), admin.mode(), admin.hosts(), some(admin.tls()));
    }

    /** The same for all files that there are. */
    private static TlsFiles some(TlsFiles files) {
        return files == null ? null : new TlsFiles(List.of(), null, null, null);
    }

    private static boolean priced(GatewayConfig config) {
        return config.routing().prices() != Prices.NONE;
    }

    private static void note(List<String> keys, String key, Object now, Object then) {
        if (!Objects.equals(now, then)) {
            keys.add(key);
        }
    }
}
