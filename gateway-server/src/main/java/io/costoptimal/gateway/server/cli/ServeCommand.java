package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.runtime.Addresses;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.ServerProcess;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the gateway until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Runs the gateway. SIGTERM lets running exchanges end, a second one stops at once,",
            "SIGHUP loads the configuration anew."
        })
public final class ServeCommand implements Callable<Integer> {

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            defaultValue = "-",
            description = "Where the access log goes: a file, - for standard output (default), or off.")
    private String accessLog;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        GatewayConfig loaded = config.load();
        startLog(loaded.server().debug());
        GatewayServer server = GatewayServer.start(loaded);
        spec.commandLine().getErr().println("listening on " + Addresses.text(server.address()));
        new ServerProcess(server, loaded.server().drain(), () -> reload(server)).run();
        return Exit.OK;
    }

    private void startLog(boolean debug) {
        switch (accessLog) {
            case "-" -> Logging.start(Logging.Access.STDOUT, null, debug);
            case "off" -> Logging.start(Logging.Access.OFF, null, debug);
            default -> Logging.start(Logging.Access.FILE, accessLog, debug);
        }
    }

    private void reload(GatewayServer server) {
        try {
            server.reload(config.load());
        } catch (ConfigException e) {
            e.problems().forEach(problem -> server.reloadFailed(problem.toString()));
        } catch (RuntimeException e) {
            server.reloadFailed(e.getMessage());
        }
    }
}
