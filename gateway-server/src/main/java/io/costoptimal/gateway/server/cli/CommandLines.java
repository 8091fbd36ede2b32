package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;

/** How every command line behaves, whatever its commands. */
public final class CommandLines {

    private CommandLines() {}

    /** A command line for {@code command} and its sub-commands. */
    public static CommandLine of(Object command) {
        return new CommandLine(command)
                .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure, line))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static int failed(Exception failure, CommandLine line) {
        if (failure instanceof ConfigException config) {
            for (Problem problem : config.problems()) {
                line.getErr().println(problem);
            }
            return Exit.USAGE;
        }
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        boolean io = failure instanceof IOException || failure instanceof UncheckedIOException;
        line.getErr().println((io ? "input or output failed: " : "failed: ") + message);
        return Exit.FAILED;
    }
}
