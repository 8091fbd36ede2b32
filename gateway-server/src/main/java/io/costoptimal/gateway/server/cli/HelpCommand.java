package io.costoptimal.gateway.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The same as {@code --help}, for users who expect a command. */
@Command(name = "help", description = "Shows this help, or that of a command.")
public final class HelpCommand implements Runnable {

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "What to explain.")
    private String command;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine program = spec.root().commandLine();
        CommandLine meant = command == null ? program : program.getSubcommands().get(command);
        if (meant == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    command + ": no such command (expected: "
                            + String.join(", ", program.getSubcommands().keySet()) + ")");
        }
        meant.usage(spec.commandLine().getOut());
    }
}
