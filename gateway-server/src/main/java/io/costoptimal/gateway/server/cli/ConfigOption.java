package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The configuration file that a command is given, either way; a mixin. */
public final class ConfigOption {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration file.")
    private Path option;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The same, without --config.")
    private Path argument;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The file as it was named. */
    public Path file() {
        if (option != null && argument != null) {
            throw new ParameterException(
                    command.commandLine(), "two configurations: " + option + " and " + argument + " (expected: one)");
        }
        if (option == null && argument == null) {
            throw new ParameterException(
                    command.commandLine(), "no configuration (expected: FILE, --config FILE or -c FILE)");
        }
        return option == null ? argument : option;
    }

    /** Loads the file with the environment of this process; warnings go to standard error. */
    public GatewayConfig load() throws ConfigException {
        return ConfigFile.load(file(), System.getenv(), command.commandLine().getErr()::println);
    }

    /** Like {@link #load}, but reads no environment: a variable without a default stands for some text. */
    public GatewayConfig loadWithoutEnvironment() throws ConfigException {
        return ConfigFile.loadWithoutEnvironment(file(), command.commandLine().getErr()::println);
    }
}
