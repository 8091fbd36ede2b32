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
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the gateway with a simulated provider, and says how to try it. */
@Command(
        name = "demo",
        description = "Runs a gateway and a simulated provider in one process, and prints requests to try.")
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

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(spec.commandLine(), "--port: " + port + " (expected: 0 to " + MAX_PORT + ")");
        }
        Logging.start();
        Logging.startAccess(Logging.Access.STDOUT, null, LogRolling.NEVER);
        SimulatorSettings settings = SimulatorSettings.DEFAULTS
                .requiring(TOKEN)
                .offering(List.of("sim-large", "sim-small"))
                .behaving(Behaviour.DEFAULTS.with("interval", "100ms"));
        try (SimulatedProvider provider = SimulatedProvider.start(settings)) {
            GatewayConfig config = config(provider);
            GatewayServer server = GatewayServer.start(config);
            new ServerProcess(server, config.server().life(), () -> {})
                    .run(() -> explain(NetUtil.toSocketAddressString(server.address()), provider));
        }
        return Exit.OK;
    }

    private GatewayConfig config(SimulatedProvider provider) throws ConfigException, IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream(CONFIG)) {
            return ConfigFile.parse(
                    CONFIG,
                    in.readAllBytes(),
                    Path.of("."),
                    Map.of(
                            "LISTEN",
                            "127.0.0.1:" + port,
                            "SIMULATED",
                            provider.base().toString()));
        }
    }

    private void explain(String address, SimulatedProvider provider) {
        String curl = "curl -sN http://" + address + "/v1/chat/completions -H 'Authorization: Bearer " + KEY
                + "' -H 'Content-Type: application/json' -d '{\"model\":\"demo\",%s\"messages\":[{\"role\":\"user\","
                + "\"content\":\"Hello\"}]}'";
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "gateway   http://" + address + "  key " + KEY + "  models demo, demo-claude, sim-large, sim-small");
        out.println("provider  " + provider.base() + "  simulated");
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
