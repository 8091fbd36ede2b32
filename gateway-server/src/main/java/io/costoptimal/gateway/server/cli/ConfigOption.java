package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option that every command with a configuration has; a mixin. */
public final class ConfigOption {

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The configuration file.")
    private Path file;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The file as it was named. */
    public Path file() {
        return file;
    }

    /** Loads the file with the environment of this process; warnings go to standard error. */
    public GatewayConfig load() throws ConfigException {
        return ConfigFile.load(file, System.getenv(), command.commandLine().getErr()::println);
    }
}
