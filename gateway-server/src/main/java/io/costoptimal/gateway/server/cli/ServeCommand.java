package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.config.Problem;
import io.costoptimal.gateway.server.runtime.ConfigWatch;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.ServerProcess;
import io.netty.util.NetUtil;
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
        startLog();
        AtomicReference<ServerProcess> running = new AtomicReference<>();
        ConfigWatch watch = new ConfigWatch(config.file(), () -> running.get().reload());
        GatewayConfig loaded = config.load();
        Logging.debug(loaded.server().debug());
        GatewayServer server = GatewayServer.start(loaded);
        String listening = "listening on " + NetUtil.toSocketAddressString(server.address());
        ServerProcess process = new ServerProcess(server, loaded.server().life(), () -> reload(server));
        running.set(process);
        if (loaded.server().life().watchesFile()) {
            watch.start();
        }
        process.run(() -> spec.commandLine().getErr().println(listening));
        return Exit.OK;
    }

    private void startLog() {
        switch (accessLog) {
            case "-" -> Logging.start(Logging.Access.STDOUT, null);
            case "off" -> Logging.start(Logging.Access.OFF, null);
            default -> {
                tryToWrite(Path.of(accessLog));
                Logging.start(Logging.Access.FILE, accessLog);
            }
        }
    }

    /** Log4j would go on without a file it cannot open. What is no regular file, such as a pipe, is left for it to open. */
    private void tryToWrite(Path file) {
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
