package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.accesslog.LogRolling;
import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.ServerProcess;
import io.costoptimal.gateway.server.simulator.Behaviour;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the gateway with two simulated providers, and says how to try it. */
@Command(
        name = "demo",
        description = {
            "Runs a gateway and two simulated providers of different prices in one process, and prints requests to try.",
            "What they cost is on the dashboard, whose address and key are printed too; nothing is kept after the end."
        })
public final class DemoCommand implements Callable<Integer> {

    private static final String CONFIG = "demo.yaml";
    private static final String KEY = "demo-key";
    private static final int MAX_PORT = 65_535;
    private static final String TOKEN = "simulated-token";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Where to listen (default 8080); 0 for any.")
    private int port;

    @Option(
            names = "--admin-port",
            paramLabel = "N",
            defaultValue = "8001",
            description = "Where the dashboard is (default 8001); 0 for any.")
    private int adminPort;

    @Option(
            names = "--traffic",
            description = "Asks some requests a second itself, so that the dashboard has something to show.")
    private boolean traffic;

    @Spec
    private CommandSpec spec;

    private String adminKey;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        check("--port", port);
        check("--admin-port", adminPort);
        adminKey = "admin-" + HexFormat.of().formatHex(random());
        Logging.start();
        Logging.startAccess(Logging.Access.STDOUT, null, LogRolling.NEVER);
        SimulatorSettings settings = SimulatorSettings.DEFAULTS
                .requiring(TOKEN)
                .offering(List.of("gpt-4o", "gpt-4o-mini"))
                .behaving(Behaviour.DEFAULTS.with("interval", "100ms"));
        try (TemporaryFolder ledger = TemporaryFolder.create("gateway-demo");
                SimulatedProvider premium = SimulatedProvider.start(settings);
                SimulatedProvider budget = SimulatedProvider.start(settings)) {
            GatewayConfig config = config(ledger.path(), premium, budget);
            GatewayServer server = GatewayServer.start(config);
            new ServerProcess(server, config.server().life(), () -> {})
                    .run(
                            () -> {
                                explain(server, premium, budget);
                                if (traffic) {
                                    DemoTraffic.start(server.address(), KEY);
                                }
                                return true;
                            },
                            () -> {});
        }
        return Exit.OK;
    }

    private void check(String option, int value) {
        if (value < 0 || value > MAX_PORT) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + value + " (expected: 0 to " + MAX_PORT + ")");
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private GatewayConfig config(Path folder, SimulatedProvider premium, SimulatedProvider budget)
            throws ConfigException, IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream(CONFIG)) {
            return ConfigFile.parse(
                    CONFIG,
                    in.readAllBytes(),
                    Path.of("."),
                    Map.of(
                            "LISTEN",
                            "127.0.0.1:" + port,
                            "ADMIN",
                            "127.0.0.1:" + adminPort,
                            "ADMIN_KEY",
                            adminKey,
                            "PREMIUM",
                            premium.base().toString(),
                            "BUDGET",
                            budget.base().toString(),
                            "LEDGER",
                            folder.resolve("usage.db").toString()));
        }
    }

    private void explain(GatewayServer server, SimulatedProvider premium, SimulatedProvider budget) {
        String address = NetUtil.toSocketAddressString(server.address());
        String curl = "curl -sN http://" + address + "/v1/chat/completions -H 'Authorization: Bearer " + KEY
                + "' -H 'Content-Type: application/json' -d '{\"model\":\"demo\",%s\"messages\":[{\"role\":\"user\","
                + "\"content\":\"Hello\"}]}'";
        PrintWriter out = spec.commandLine().getOut();
        out.println("gateway    http://" + address + "  key " + KEY
                + "  models demo, demo-mix, demo-failover, demo-claude, gpt-4o, gpt-4o-mini");
        out.println("providers  " + premium.base() + " premium, " + budget.base() + " budget  simulated");
        out.println("dashboard  http://" + NetUtil.toSocketAddressString(server.adminAddress())
                + "/dashboard/  admin key " + adminKey);
        out.println();
        out.println("# A whole answer, and a stream:");
        out.println(curl.formatted(""));
        out.println(curl.formatted("\"stream\":true,"));
        out.println();
        out.println("# Below, one line for each request. Ctrl-C ends it.");
        out.println("listening on " + address);
        out.flush();
    }
}
