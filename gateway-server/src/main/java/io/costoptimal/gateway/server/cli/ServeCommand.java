package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.accesslog.LogRolling;
import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.config.Problem;
import io.costoptimal.gateway.server.runtime.ConfigWatch;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.ServerProcess;
import io.costoptimal.gateway.server.runtime.Succession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the gateway until it is told to stop. */
@Command(
        name = "serve",
        description = {
            "Runs the gateway until it is told to stop.",
            "SIGTERM lets running exchanges end, a second one stops at once; SIGHUP loads the configuration anew."
        })
public final class ServeCommand implements Callable<Integer> {

    private static final String STANDARD_OUTPUT = "-";
    private static final String NO_LOG = "off";

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            defaultValue = STANDARD_OUTPUT,
            description = "Where the access log goes: a file, - for standard output (default), or off.")
    private String accessLog;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, IOException, InterruptedException {
        checkAccessLog();
        Logging.start();
        AtomicReference<ServerProcess> running = new AtomicReference<>();
        ConfigWatch watch = new ConfigWatch(config.file(), () -> running.get().reload());
        GatewayConfig loaded = config.load();
        Logging.debug(loaded.server().debug());
        startAccessLog(loaded.server().rolling());
        try (Succession succession = Succession.of(loaded, System.getenv())) {
            GatewayServer server = GatewayServer.start(loaded, succession.sockets());
            String listening = "listening on " + String.join(", ", server.addresses());
            ServerProcess process = new ServerProcess(server, loaded.server().life(), () -> reload(server));
            running.set(process);
            if (loaded.server().life().watchesFile()) {
                watch.start();
            }
            boolean served = process.run(
                    () -> {
                        boolean serves = succession.serving(server, process::handedOver);
                        if (serves) {
                            spec.commandLine().getErr().println(listening);
                        }
                        return serves;
                    },
                    succession::close);
            return served ? Exit.OK : Exit.FAILED;
        }
    }

    private void startAccessLog(LogRolling rolling) {
        switch (accessLog) {
            case STANDARD_OUTPUT -> Logging.startAccess(Logging.Access.STDOUT, null, rolling);
            case NO_LOG -> Logging.startAccess(Logging.Access.OFF, null, rolling);
            default -> Logging.startAccess(Logging.Access.FILE, accessLog, rolling);
        }
    }

    /** A file that cannot be written is refused at the start. What is no regular file, such as a pipe, is opened later. */
    private void checkAccessLog() {
        if (accessLog.equals(STANDARD_OUTPUT) || accessLog.equals(NO_LOG)) {
            return;
        }
        Path file = Path.of(accessLog);
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            return;
        }
        try {
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--access-log: " + file + " (expected: a file that can be written, - or off)",
                    e);
        }
    }

    private void reload(GatewayServer server) {
        // First of all, and whatever the new configuration is like: somebody may have renamed the file.
        Logging.reopen();
        try {
            GatewayConfig next = config.load();
            Logging.debug(next.server().debug());
            server.reload(next);
        } catch (ConfigException e) {
            server.reloadFailed(e.problems().stream().map(Problem::toString).toList());
        } catch (RuntimeException e) {
            server.reloadFailed(List.of(String.valueOf(e.getMessage())));
        }
    }
}
